import assert from "node:assert/strict";
import type { NativeIssue } from "../../domain/issue.ts";
import type { Source, TrackerConnection } from "../tracker.ts";

/** Reads the current issue; fails if it does not exist. */
export async function readIssue(
  connection: TrackerConnection,
  source: Source,
  { nativeId, key }: Pick<NativeIssue, "nativeId" | "key">,
): Promise<NativeIssue> {
  const result = await connection.read(source, nativeId, key);
  assert.ok(result.kind === "issue", `${key} is ${result.kind}`);
  return result.issue;
}
