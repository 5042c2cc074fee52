import type { WorldFile } from "../emulator.ts";
import { screenshot } from "../server/stored-files.ts";
import { createRandom } from "../seed/random.ts";
import type { GitHubState } from "./state.ts";

/** What follows the server's address of a file that somebody dropped into a text. */
const filesPath = "/user-attachments/assets/";

/** Where a file is that was dropped in 2023: texts of that year still name it so. */
const formerPath = /^\/[^/]+\/[^/]+\/(?:assets|files)\/\d+\/([^/]+)$/;

/** The id of the file that a path names; null for any other path. */
export function fileIn(path: string): string | null {
  return path.startsWith(filesPath) ? path.slice(filesPath.length) : (formerPath.exec(path)?.[1] ?? null);
}

/** Keeps a file and gives its address. */
export function storeFile(state: GitHubState, file: WorldFile): string {
  const id = createRandom(`files/${state.files.size}`).uuid();
  state.files.set(id, file);
  return `${state.origin}${filesPath}${id}`;
}

/** As GitHub's editor writes it. */
export function linkTo(file: WorldFile, address: string): string {
  return `${file.contentType.startsWith("image/") ? "!" : ""}[${file.name}](${address})`;
}

/** A screenshot in the two newest open issues of each repository. */
export function seedFiles(state: GitHubState): void {
  for (const repo of state.repos) {
    const newest = repo.byUpdate.open.items.filter((issue) => !issue.isPull).slice(-2);
    newest.forEach((issue, index) => {
      const file = screenshot(index);
      issue.body = `${issue.body ?? ""}\n\n${linkTo(file, storeFile(state, file))}`;
    });
  }
}
