import { isPanopticonError } from "../domain/error.ts";
import type { ProjectShape } from "../server/contract/project.ts";
import type { Context } from "./context.ts";

type Place = Pick<ProjectShape, "id" | "path" | "sources">;

/** The project whose checkout contains the working directory; the innermost if nested. */
export function projectHere({ cwd }: Pick<Context, "cwd">, projects: readonly Place[]): Place | undefined {
  return projects
    .filter(({ path }) => path !== null && (cwd === path || cwd.startsWith(`${path}/`)))
    .toSorted((a, b) => (b.path?.length ?? 0) - (a.path?.length ?? 0))[0];
}

/** Resolves a ref; a bare `#45` refers to the project whose checkout this is. */
export async function findHere<Found>(
  context: Pick<Context, "cwd">,
  ref: string,
  ask: {
    readonly projects: () => Promise<readonly Place[]>;
    readonly find: (ref: string) => Promise<Found>;
  },
): Promise<Found> {
  const written = ref.trim();
  if (!/^[#!]\d+$/.test(written)) return ask.find(ref);
  for (const { key } of projectHere(context, await ask.projects())?.sources ?? []) {
    try {
      return await ask.find(`${key}${written}`);
    } catch (error) {
      if (!isPanopticonError(error) || error.code !== "not_found") throw error;
    }
  }
  return ask.find(ref);
}
