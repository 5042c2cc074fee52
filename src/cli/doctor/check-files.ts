import { statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { isPanopticonError } from "../../domain/error.ts";
import { afterDamage } from "../../store/database/store-error.ts";
import { OlderMirrorError } from "../../store/schema/older-mirror.ts";
import type { SourceRow } from "../../store/sources/source-row.ts";
import type { Context } from "../context.ts";
import { count } from "../printing/describe-time.ts";
import { canWrite } from "./can-write.ts";
import { finding, type Finding } from "./finding.ts";

/** Below this, the first sync of a large tracker may not fit. */
const littleSpaceBytes = 500_000_000;

/** Whether the data directory exists, is writable, and is closed to other users. */
export function checkHome({ paths }: Context): Finding[] {
  const area = "Data directory";
  const stats = statSync(paths.home, { throwIfNoEntry: false });
  if (stats === undefined) {
    const folder = nearestFolder(paths.home);
    return canWrite(folder)
      ? [finding("note", area, `${paths.home} does not exist yet; pan up creates it`)]
      : [
          finding(
            "error",
            area,
            `${paths.home} does not exist and cannot be created: ${folder} is not writable`,
            "Make it writable for yourself, or choose another place with PANOPTICON_HOME.",
          ),
        ];
  }
  if (!stats.isDirectory()) return [finding("error", area, `${paths.home} is not a folder`, "Move that file.")];
  if (!canWrite(paths.home)) {
    const command = stats.uid === process.getuid?.() ? "chmod 700" : 'sudo chown -R "$USER"';
    return [finding("error", area, `${paths.home} is not writable`, `Run: ${command} ${paths.home}`)];
  }
  if (process.platform !== "win32" && (stats.mode & 0o077) !== 0) {
    const mode = (stats.mode & 0o777).toString(8);
    return [
      finding(
        "warning",
        area,
        `other users on this machine can read ${paths.home} (mode ${mode})`,
        `Run: chmod 700 ${paths.home}`,
      ),
    ];
  }
  return [finding("ok", area, paths.home)];
}

/** The path itself, or its nearest existing ancestor. */
function nearestFolder(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? nearestFolder(dirname(path)) : path;
}

/** Whether the disk has enough free space for the mirror. */
export async function checkDisk({ paths }: Context): Promise<Finding[]> {
  const { bavail, bsize } = await statfs(nearestFolder(paths.home));
  const free = bavail * bsize;
  const words = `${(free / 1e9).toLocaleString("en", { maximumFractionDigits: 1 })} GB free`;
  return free >= littleSpaceBytes
    ? [finding("ok", "Disk", words)]
    : [
        finding(
          "warning",
          "Disk",
          `only ${words} where ${paths.home} is`,
          "Free up space; changes cannot be saved without it.",
        ),
      ];
}

/** The database's integrity check, and problems of single sources found by the last sync. */
export async function checkMirror(context: Context): Promise<Finding[]> {
  const area = "Mirror";
  try {
    const { openMirror } = await import("../open-mirror.ts");
    const mirror = await openMirror(context);
    if (mirror === null) return [finding("note", area, "nothing is mirrored yet")];
    try {
      const complaints = await mirror.store.check();
      if (complaints.length === 0) {
        const words = `${count(await mirror.store.board.total(), "issue")}, no errors`;
        return [finding("ok", area, words), ...checkSources(await mirror.store.sources.list())];
      }
      const fix = afterDamage(context.paths.databaseFile);
      return complaints.slice(0, 5).map((complaint) => finding("error", area, complaint, fix));
    } finally {
      await mirror.close();
    }
  } catch (error) {
    if (error instanceof OlderMirrorError) {
      const fix = "No data is lost. To be able to go back to that version, run pan backup first.";
      return [finding("note", area, "written by an earlier version; the next command upgrades it", fix)];
    }
    if (!isPanopticonError(error)) throw error;
    return [finding("error", area, error.message, error.hint ?? null)];
  }
}

/** Problems of a whole connection (network, credentials), which testing the connection reveals. */
const ofConnections: readonly string[] = ["auth", "rate_limited", "unreachable", "timeout"];

function checkSources(sources: readonly SourceRow[]): Finding[] {
  return sources.flatMap(({ config, sync }) => {
    const failure = sync.error === null || ofConnections.includes(sync.error.code) ? [] : [sync.error];
    return [...failure, ...sync.warnings].map(({ message, hint }) => finding("warning", config.id, message, hint));
  });
}
