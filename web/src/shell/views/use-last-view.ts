import { useState } from "react";
import type { ViewShape } from "../../../../src/server/contract/project.ts";

/** The saved view that is shown, or was before its filter was changed; none after a built-in view. `current`: the shown view's id, if it is one. */
export function useLastView(saved: readonly ViewShape[], current: string | undefined): ViewShape | undefined {
  const [last, setLast] = useState(current);
  if (current !== undefined && current !== last) setLast(current);
  return saved.find(({ id }) => id === (current ?? last));
}
