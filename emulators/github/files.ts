import type { WorldFile } from "../emulator.ts";
import { screenshot } from "../server/stored-files.ts";
import { createRandom } from "../seed/random.ts";
import type { GitHubState } from "./state.ts";

/** The path prefix of files dropped into a text. */
const filesPath = "/user-attachments/assets/";

/** The path of files dropped in 2023, which texts of that year still contain. */
const formerPath = /^\/[^/]+\/[^/]+\/(?:assets|files)\/\d+\/([^/]+)$/;

/** The id of the file in a path; null for any other path. */
export function fileIn(path: string): string | null {
  return path.startsWith(filesPath) ? path.slice(filesPath.length) : (formerPath.exec(path)?.[1] ?? null);
}

/** Stores a file and returns its URL. */
export function storeFile(state: GitHubState, file: WorldFile): string {
  const id = createRandom(`files/${state.files.size}`).uuid();
  state.files.set(id, file);
  return `${state.origin}${filesPath}${id}`;
}

/** A link as GitHub's editor writes it. */
export function linkTo(file: WorldFile, address: string): string {
  return `${file.contentType.startsWith("image/") ? "!" : ""}[${file.name}](${address})`;
}

/** Adds a screenshot to the two newest open issues of each repository. */
export function seedFiles(state: GitHubState): void {
  for (const repo of state.repos) {
    const newest = repo.byUpdate.open.items.filter((issue) => !issue.isPull).slice(-2);
    newest.forEach((issue, index) => {
      const file = screenshot(index);
      issue.body = `${issue.body ?? ""}\n\n${linkTo(file, storeFile(state, file))}`;
    });
  }
}
