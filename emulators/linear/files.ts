import type { WorldFile } from "../emulator.ts";
import { screenshot } from "../server/stored-files.ts";
import { createRandom } from "../seed/random.ts";
import type { LinearState } from "./state.ts";

/** The path prefix of uploaded files; Linear itself serves them from uploads.linear.app. */
export const filesPath = "/uploads/";

/** Stores a file and returns its URL. */
export function storeFile(state: LinearState, file: WorldFile): string {
  const random = createRandom(`files/${state.files.size}`);
  const id = `${random.uuid()}/${random.uuid()}`;
  state.files.set(id, file);
  return `${state.origin}${filesPath}${id}`;
}

/** Adds a screenshot to the two newest open issues of each team. */
export function seedFiles(state: LinearState): void {
  for (const team of state.teams) {
    const open = team.issues.byUpdate.items.filter(({ state: { type } }) => type === "started" || type === "unstarted");
    open.slice(-2).forEach((issue, index) => {
      const file = screenshot(index);
      issue.description = `${issue.description ?? ""}\n\n![${file.name}](${storeFile(state, file)})`;
    });
  }
}
