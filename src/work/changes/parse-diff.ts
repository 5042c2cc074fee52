import type { ChangedFile, FileStatus } from "../../domain/workspace-changes.ts";

/** One entry of `git diff --raw --numstat -z`. */
export type DiffEntry = Pick<ChangedFile, "path" | "from" | "status" | "additions" | "deletions">;

const statusOf: Readonly<Record<string, FileStatus>> = {
  A: "added",
  M: "modified",
  D: "deleted",
  R: "renamed",
  C: "copied",
  T: "retyped",
  U: "conflicted",
};

/** Parses `--raw --numstat -z`: first all raw entries, then the counts in the same order. A file in conflict occurs twice; the conflict counts. */
export function parseDiff(output: string): readonly DiffEntry[] {
  const fields = output.split("\0");
  const found = new Map<string, { from: string | null; status: FileStatus }>();
  const counts = new Map<string, { additions: number | null; deletions: number | null }>();
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index] ?? "";
    const raw = /^:\d+ \d+ \S+ \S+ ([A-Z])\d*$/.exec(field);
    if (raw !== null) {
      const letter = raw[1] ?? "";
      const isPair = letter === "R" || letter === "C";
      const first = fields[index + 1] ?? "";
      const path = isPair ? (fields[index + 2] ?? "") : first;
      index += isPair ? 2 : 1;
      if (found.get(path)?.status === "conflicted") continue;
      found.set(path, { from: isPair ? first : null, status: statusOf[letter] ?? "modified" });
      continue;
    }
    const count = /^(\d+|-)\t(\d+|-)\t([^]*)$/.exec(field);
    if (count === null) continue;
    const [, added, removed, name = ""] = count;
    // A rename is followed by both names.
    const path = name === "" ? (fields[index + 2] ?? "") : name;
    if (name === "") index += 2;
    const number = (text: string | undefined) => (text === "-" ? null : Number(text));
    counts.set(path, { additions: number(added), deletions: number(removed) });
  }
  return [...found].map(([path, { from, status }]) => ({
    path,
    from,
    status,
    ...(counts.get(path) ?? { additions: 0, deletions: 0 }),
  }));
}

/** Splits a patch of several files at its `diff --git` lines: lines of content start with another character. */
export function splitPatch(patch: string): readonly string[] {
  return patch === "" ? [] : patch.split(/^(?=diff --git )/m).filter((part) => part.startsWith("diff --git "));
}
