export type PatchLine = {
  readonly kind: "hunk" | "same" | "added" | "removed" | "note";
  readonly text: string;
  /** Line numbers before and after the change; null where the line does not exist. */
  readonly before: number | null;
  readonly after: number | null;
};

/** Parses a file's unified diff into numbered lines, skipping everything above the first hunk. */
export function patchLines(patch: string): readonly PatchLine[] {
  const lines: PatchLine[] = [];
  let before = 0;
  let after = 0;
  let inHunk = false;
  for (const line of patch.replace(/\n$/, "").split("\n")) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (hunk !== null) {
      before = Number(hunk[1]);
      after = Number(hunk[2]);
      inHunk = true;
      lines.push({ kind: "hunk", text: line, before: null, after: null });
    } else if (!inHunk) continue;
    else if (line.startsWith("+")) lines.push({ kind: "added", text: line.slice(1), before: null, after: after++ });
    else if (line.startsWith("-")) lines.push({ kind: "removed", text: line.slice(1), before: before++, after: null });
    else if (line.startsWith("\\")) lines.push({ kind: "note", text: line.slice(2), before: null, after: null });
    else lines.push({ kind: "same", text: line.slice(1), before: before++, after: after++ });
  }
  return lines;
}
