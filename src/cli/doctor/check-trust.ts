import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { Project } from "../../config/config.ts";
import { readOptional } from "../../work/read-optional.ts";
import { finding, type Finding } from "./finding.ts";

/** What Claude Code keeps of the folders it was started in: https://code.claude.com/docs/en/settings. */
const Kept = z.object({
  projects: z.record(z.string(), z.object({ hasTrustDialogAccepted: z.boolean().optional() })).default({}),
});

/**
 * Claude Code asks before its first work in a folder whether it is trusted, and does nothing until it is answered. It trusts a worktree if it trusts its checkout, so
 * the checkouts of these projects should be. Nothing if its file cannot be read.
 */
export function checkTrust(
  env: Readonly<Record<string, string | undefined>>,
  projects: readonly Pick<Project, "id" | "path">[],
): Finding[] {
  const kept = readKept(join(env["CLAUDE_CONFIG_DIR"] ?? env["HOME"] ?? homedir(), ".claude.json"));
  if (kept === null) return [];
  const trusted = new Set(Object.entries(kept).flatMap(([path, { hasTrustDialogAccepted: is }]) => (is ? [path] : [])));
  const asking = projects.flatMap(({ path }) => (path === null || isWithin(path, trusted) ? [] : [path]));
  if (asking.length === 0) return [];
  return [
    finding(
      "note",
      "claude",
      `asks in each new workspace whether it may trust it, because it was never told to trust ${asking.join(", ")}`,
      `Start it once in ${asking.length === 1 ? "that folder" : "each of these folders"}, and answer yes.`,
    ),
  ];
}

function readKept(file: string): z.infer<typeof Kept>["projects"] | null {
  const text = readOptional(file);
  if (text === null) return null;
  try {
    return Kept.parse(JSON.parse(text)).projects;
  } catch {
    // Its own file, in a format of its own: a later one may look different.
    return null;
  }
}

function isWithin(path: string, folders: ReadonlySet<string>): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if (folders.has(folder)) return true;
    if (folder === dirname(folder)) return false;
  }
}
