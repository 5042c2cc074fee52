import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { z } from "zod";

/** How the CLI finds a running server: `~/.panopticon/server.json`, mode 0600. */
export const ServerFile = z.object({
  pid: z.number().int().positive(),
  url: z.string(),
  token: z.string(),
  version: z.string(),
});

export type ServerFile = z.infer<typeof ServerFile>;

/** Writes the whole file at once: a reader never sees half of it. */
export async function writeServerFile(path: string, server: ServerFile): Promise<void> {
  const draft = `${path}.${server.pid}.tmp`;
  await rm(draft, { force: true });
  await writeFile(draft, `${JSON.stringify(server, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  await rename(draft, path);
}

/**
 * The server that runs; undefined when there is no file, or when it is stale: its process has ended, or nobody can read what it says.
 * A live process id may have been given to another program since: only `GET /api/health` at its address is proof.
 */
export async function findServer(path: string): Promise<ServerFile | undefined> {
  const server = await readServerFile(path);
  return server !== undefined && isAlive(server.pid) ? server : undefined;
}

/** Takes the file away, unless another process has written its own meanwhile. */
export async function removeServerFile(path: string, pid: number): Promise<void> {
  const server = await readServerFile(path);
  if (server?.pid === pid) await rm(path, { force: true });
}

async function readServerFile(path: string): Promise<ServerFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  return ServerFile.safeParse(parseJson(text)).data;
}

/** undefined for what is no JSON: a damaged file says as little as none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives, but belongs to someone else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
