import { cpSync, existsSync, globSync, lstatSync, mkdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { StepLog } from "./step-log.ts";
import { isNotThere } from "../../domain/file-error.ts";

/** Copies files of the checkout into a workspace, replacing only files that git does not track. Patterns without a match are logged. */
export function copyFiles(
  patterns: readonly string[],
  { from, to, log }: { readonly from: string; readonly to: string; readonly log: StepLog },
): void {
  for (const file of copiedFiles(patterns, from, (pattern) =>
    log.write(`${pattern}: not in the checkout, so not copied\n`),
  )) {
    const target = join(to, file);
    // A link inside the workspace must not lead the copy out of it.
    mkdirSync(dirname(target), { recursive: true });
    const parent = realpathSync(dirname(target));
    if (!`${parent}${sep}`.startsWith(`${realpathSync(to)}${sep}`)) {
      log.write(`${file}: its folder is a link out of the workspace, so not copied\n`);
      continue;
    }
    if (existsSync(target)) {
      log.write(`${file}: is there already\n`);
      continue;
    }
    cpSync(join(from, file), target, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    log.write(`${file}: copied\n`);
  }
}

/** The files that match the patterns, relative to the checkout; nothing outside it, and nothing of git's own. */
function copiedFiles(patterns: readonly string[], from: string, onNone: (pattern: string) => void): readonly string[] {
  const files = new Set<string>();
  for (const pattern of patterns) {
    const found = pattern.includes("*")
      ? globSync(pattern, { cwd: from })
      : existsSync(join(from, pattern))
        ? [pattern]
        : [];
    const inside = found
      .map((file) => relative(from, join(from, file)))
      .filter((file) => file !== "" && !file.startsWith("..") && file.split(sep)[0] !== ".git");
    if (inside.length === 0) onNone(pattern);
    for (const file of inside) files.add(file);
  }
  return [...files];
}

/** Whether an untracked file of a workspace is an unchanged copy, which can be lost. */
export function isCopy(file: string, { from, to }: { readonly from: string; readonly to: string }): boolean {
  const [original, copy] = [join(from, file), join(to, file)];
  try {
    if (!lstatSync(original).isFile() || !lstatSync(copy).isFile()) return false;
    return readFileSync(original).equals(readFileSync(copy));
  } catch (error) {
    if (isNotThere(error)) return false;
    throw error;
  }
}
