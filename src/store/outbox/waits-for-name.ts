import { localIdPrefix } from "../../domain/operation.ts";
import type { Operation } from "./outbox.ts";

/** Whether an operation refers to an issue not yet named by its tracker, whose create must go first. */
export function waitsForName({ fields, payload }: Pick<Operation, "fields" | "payload">): boolean {
  const isLocal = (nativeId: string | number | null | undefined) => String(nativeId).startsWith(localIdPrefix);
  return (
    fields.some((change) => change.field === "parent" && isLocal(change.to)) ||
    isLocal(payload.relation?.target.nativeId) ||
    isLocal(payload.draft?.parent?.nativeId)
  );
}
