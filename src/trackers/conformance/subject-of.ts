import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Subject } from "./stage.ts";

/** A tracker's `Subject`: of several exported by its `subject.ts`, the first without an emulator variant, else the first. */
export async function subjectOf(tracker: string): Promise<Subject> {
  const path = join(import.meta.dirname, "..", tracker, "subject.ts");
  if (!existsSync(path)) throw new Error(`src/trackers/${tracker}/subject.ts is missing: docs/adding-a-tracker.md.`);
  const exported = (await import(path)) as Readonly<Record<string, unknown>>;
  const subjects = Object.values(exported).filter(isSubject);
  const first = subjects.find(({ emulator }) => emulator?.variant === undefined) ?? subjects[0];
  if (first === undefined) throw new Error(`src/trackers/${tracker}/subject.ts exports no Subject.`);
  return first;
}

function isSubject(value: unknown): value is Subject {
  return typeof value === "object" && value !== null && "definition" in value && "skips" in value;
}
