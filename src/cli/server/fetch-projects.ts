import { fetchPages } from "../../domain/fetch-pages.ts";
import type { ProjectsShape } from "../../server/contract/project.ts";
import type { ServerClient } from "./server-client.ts";

/** All projects of a running server. */
export async function fetchProjects(client: Pick<ServerClient, "get">): Promise<ProjectsShape> {
  const get = async (query: URLSearchParams) => (await client.get("/api/projects", query)) as ProjectsShape;
  const projects = await fetchPages(get, (page) => page.projects);
  return { projects, total: projects.length, cursor: null };
}
