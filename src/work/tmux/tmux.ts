import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { PanopticonError } from "../../domain/error.ts";
import { plainText } from "../plain-text.ts";
import { endProcesses, findTree, listProcesses } from "../process/process-tree.ts";
import { createTmuxCalls, NoSession, type TmuxOptions } from "./tmux-calls.ts";

/** A session as tmux lists it. */
export type TmuxSession = {
  readonly name: string;
  /** Its process has ended. */
  readonly dead: boolean;
  readonly exitCode: number | null;
};

/**
 * tmux on a socket of its own, with a configuration of its own: nothing of the user's tmux is touched or asked. Sessions are named exactly (`=name`), never by a
 * prefix. Text never becomes a key or a command: it is pasted, or sent byte by byte.
 */
export type Tmux = {
  /** Starts a program by its argument list in a new session. Its output is also appended to `log`. */
  start(session: {
    readonly name: string;
    readonly command: readonly string[];
    readonly log: string;
    readonly size?: { readonly columns: number; readonly rows: number };
  }): Promise<void>;
  /** All sessions; empty where no server runs. */
  list(): Promise<readonly TmuxSession[]>;
  /** Ends a session and all that was started in it, which takes seconds where that does not go by itself. One that is gone already is fine. */
  kill(name: string): Promise<void>;
  /** Ends a session whose program has ended; what that left behind goes on. One that is gone already is fine. */
  close(name: string): Promise<void>;
  /** The screen as text; with `history` all that was scrolled away too, with `colours` as the terminal drew it. Null when there is no such session. */
  capture(name: string, options?: { readonly history?: boolean; readonly colours?: boolean }): Promise<string | null>;
  /** The screens of several sessions by their names, for one process; those that are gone are left out. */
  captureAll(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Pastes a text, the way the program in the session wants pastes. Throws `conflict` where the session has ended. */
  paste(name: string, text: string): Promise<void>;
  /** Pastes a text and presses Enter. Throws as `paste`. */
  say(name: string, text: string): Promise<void>;
  /** Appends the output to another file from now on. */
  pipe(name: string, log: string): Promise<void>;
  /** The command line that shows a session in the user's own terminal, or drives it (`control`). */
  attachCommand(name: string, mode?: "terminal" | "control"): readonly string[];
  /** What child processes of `attachCommand` need. */
  readonly env: Readonly<Record<string, string>>;
};

/** tmux learns that a program's terminal is closed a moment before it learns how the program ended; some never learn it, and older ones than 3.3 never say that one was killed. */
const learnsMs = 50;
const maxLooks = 3;
/** tmux ends with its last session: who starts one in that moment meets a server on its way out, and starts another once that is gone. */
const leavesMs = 50;
const maxAttempts = 20;
/** tmux takes no longer command line than 16 KiB. */
const maxAtOnce = 50;

/** Programs that get Enter in one piece with a pasted text take it for a part of that. */
const breath = ["run-shell", "sleep 0.05"];

/** `home` is Panopticon's folder: each has a tmux server of its own. */
export function createTmux(options: TmuxOptions): Tmux {
  const { env, commandLine, call, run, unlessGone } = createTmuxCalls(options);
  const pane = (name: string) => `=${name}:0.0`;

  /** As tmux knows it now; `isUnknown`: it has not learned yet how this one ended. */
  async function listOnce(): Promise<readonly (TmuxSession & { readonly isUnknown: boolean })[]> {
    const format = "#{session_name}\t#{pane_dead}\t#{pane_dead_status}\t#{pane_dead_signal}";
    const output = await unlessGone(["list-panes", "-a", "-F", format]);
    return (output ?? "")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const [name = "", end, status = "", signal = ""] = line.split("\t");
        const dead = end === "1";
        const exitCode = status === "" ? null : Number(status);
        return { name, dead, exitCode, isUnknown: dead && exitCode === null && signal === "" };
      });
  }

  /** One call with what follows: whatever becomes of this process, all of it is typed, or nothing. */
  async function paste(name: string, text: string, ...after: readonly (readonly string[])[]): Promise<void> {
    // Nothing in a message may end the paste and go on as keys.
    const plain = plainText(text);
    const buffer = `say-${name}`;
    const typed = [
      ["load-buffer", "-b", buffer, "-"],
      ["paste-buffer", "-p", "-r", "-d", "-b", buffer, "-t", pane(name)],
    ];
    const calls = [...(plain === "" ? [] : typed), ...after];
    if (calls.length === 0) return;
    await run(sequence(calls), ...(plain === "" ? [] : [plain]));
  }

  async function inSession(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof NoSession)) throw error;
      throw new PanopticonError("conflict", "This agent's session has ended.", {
        hint: "Start it again first: pan agent resume.",
      });
    }
  }

  async function close(name: string): Promise<void> {
    await unlessGone(["kill-session", "-t", `=${name}`]);
  }

  const pipeCommand = (log: string) => `exec cat >> ${quoted(log)}`;

  return {
    env,
    async start({ name, command, log, size = { columns: 120, rows: 40 } }) {
      const { columns, rows } = size;
      // One call, so that not a byte of output comes before the log is there.
      const calls = [
        "new-session",
        "-d",
        "-s",
        name,
        "-x",
        String(columns),
        "-y",
        String(rows),
        "-c",
        "/",
        ...command,
        ";",
        "pipe-pane",
        "-t",
        pane(name),
        pipeCommand(log),
      ];
      for (let attempt = 1; ; attempt += 1) {
        try {
          await run(calls);
          return;
        } catch (error) {
          if (!(error instanceof NoSession)) throw error;
          if (attempt === maxAttempts) {
            throw new PanopticonError("internal", "tmux starts no session.", {
              hint: "pan doctor says whether tmux is there and new enough.",
              cause: error,
            });
          }
          await sleep(leavesMs);
        }
      }
    },
    async list() {
      for (let look = 1; ; look += 1) {
        const found = await listOnce();
        if (look === maxLooks || !found.some(({ isUnknown }) => isUnknown)) {
          return found.map(({ name, dead, exitCode }) => ({ name, dead, exitCode }));
        }
        await sleep(learnsMs);
      }
    },
    async kill(name) {
      const format = "#{pane_dead}\t#{pane_pid}";
      const [dead, pid = ""] = (await unlessGone(["list-panes", "-t", `=${name}:0`, "-F", format]))?.split("\t") ?? [];
      // Who started whom is not known any more once the first of them is gone.
      const started = dead === "0" ? findTree(Number(pid), await listProcesses()) : [];
      await close(name);
      await endProcesses(started);
    },
    close,
    capture: (name, { history = false, colours = false } = {}) =>
      unlessGone([
        "capture-pane",
        "-p",
        "-J",
        ...(colours ? ["-e"] : []),
        ...(history ? ["-S", "-"] : []),
        "-t",
        pane(name),
      ]),
    async captureAll(names) {
      const screens = new Map<string, string>();
      const mark = `screen ${randomUUID()}\n`;
      for (let rest = names; rest.length > 0;) {
        const asked = rest.slice(0, maxAtOnce);
        const { code, stdout } = await call(
          sequence(
            asked.flatMap((name) => [
              ["display-message", "-p", "-t", pane(name), mark.trimEnd()],
              ["capture-pane", "-p", "-J", "-t", pane(name)],
            ]),
          ),
        );
        const found = stdout.split(mark).slice(1);
        // tmux stops at the first session that is gone.
        const whole = code === 0 ? found : found.slice(0, -1);
        for (const [index, screen] of whole.entries()) screens.set(asked[index] ?? "", screen);
        if (code !== 0 && found.length === 0) return screens;
        rest = rest.slice(code === 0 ? asked.length : found.length);
      }
      return screens;
    },
    paste: (name, text) => inSession(() => paste(name, text)),
    say: (name, text) => inSession(() => paste(name, text, breath, ["send-keys", "-t", pane(name), "Enter"])),
    async pipe(name, log) {
      await unlessGone(["pipe-pane", "-t", pane(name), pipeCommand(log)]);
    },
    attachCommand(name, mode = "terminal") {
      return [...commandLine(), ...(mode === "control" ? ["-C"] : []), "attach-session", "-t", `=${name}`];
    },
  };
}

/** Several commands as one command line. */
function sequence(calls: readonly (readonly string[])[]): readonly string[] {
  return calls.flatMap((call, index) => (index === 0 ? call : [";", ...call]));
}

/** A word of the one shell line there is: tmux hands the log's path to a shell. The path is Panopticon's own. */
function quoted(path: string): string {
  // tmux expands formats and times in it first.
  return `'${path.replaceAll("'", "'\\''").replaceAll("#", "##").replaceAll("%", "%%")}'`;
}
