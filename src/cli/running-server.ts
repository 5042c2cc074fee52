import { readFileSync } from "node:fs";
import { PanopticonError } from "../domain/error.ts";

/** What server.json says of a running server. */
export type RunningServer = {
  readonly pid: number;
  readonly url: string;
  readonly token: string;
  readonly version: string;
};

/**
 * What server.json says, if its process still lives; null when there is none. The process may by now be another program's:
 * only an answer at the address proves a server (see server-client.ts).
 */
export function findServerFile(path: string): RunningServer | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new PanopticonError("internal", `${path} could not be read.`, {
      hint: "It must belong to you: check its owner and mode.",
      cause: error,
    });
  }
  const server = parse(text);
  return server !== null && isAlive(server.pid) ? server : null;
}

/** Whether a process with this id lives, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

// An ended process keeps its id until its parent asks for its exit code, which a container's first process may never do.
function isZombie(pid: number): boolean {
  if (process.platform !== "linux") return false;
  try {
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch (error) {
    // Hidden from this user, or gone meanwhile.
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}

// A damaged file says as little as none. Checked by hand, since listings do not load zod.
function parse(text: string): RunningServer | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (typeof value !== "object" || value === null) return null;
  const { pid, url, token, version } = value as Record<string, unknown>;
  if (typeof pid !== "number" || !Number.isInteger(pid) || pid <= 0) return null;
  if (typeof url !== "string" || typeof token !== "string" || typeof version !== "string") return null;
  // The token goes to this machine only, whatever the file says.
  if (!/^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+$/.test(url)) return null;
  return { pid, url, token, version };
}
