import type { ChangedProjectShape } from "../../../src/server/contract/project.ts";
import { useChanges } from "../changes/changes-provider.tsx";

/** Says which new sources of a project were taken without their tracker's word that they are there. */
export function useSayUnchecked(): (project: ChangedProjectShape) => void {
  const { say } = useChanges();
  return ({ unchecked }) => {
    for (const { source, reason } of unchecked) say(`Couldn’t check ${source}: ${reason}`);
  };
}
