import type { ChangedProjectShape } from "../../../src/server/contract/project.ts";
import { useChanges } from "../changes/changes-provider.tsx";

/** Warns of new sources that were saved although their tracker could not confirm that they exist. */
export function useSayUnchecked(): (project: ChangedProjectShape) => void {
  const { say } = useChanges();
  return ({ unchecked }) => {
    for (const { source, reason } of unchecked) say(`Couldn’t check ${source}: ${reason}`);
  };
}
