import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { PanopticonError } from "../../domain/error.ts";
import { plainText } from "../../domain/plain-text.ts";
import { endProcesses, findTree, listProcesses } from "../process/process-tree.ts";
import { createTmuxCalls, NoSession, type TmuxOptions } from "./tmux-calls.ts";

/** A session as tmux lists it. */
export type TmuxSession = {
  readonly name: string;
  /** Whether its process has ended. */
  readonly dead: boolean;
  readonly exitCode: number | null;
};

/**
 * tmux on its own socket with its own configuration: the user's tmux is neither touched nor read. Sessions are addressed by exact name (`=name`), never by
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
  /** All sessions; empty if no server runs. */
  list(): Promise<readonly TmuxSession[]>;
  /** Ends a session and all processes started in it, which takes seconds if they do not exit by themselves. Succeeds if it is already gone. */
  kill(name: string): Promise<void>;
  /** Closes a session whose program has ended; processes left behind continue. Succeeds if it is already gone. */
  close(name: string): Promise<void>;
  /** The screen as text; `history` includes all scrolled-away lines, `colours` the terminal's sequences. null if there is no such session. */
  capture(name: string, options?: { readonly history?: boolean; readonly colours?: boolean }): Promise<string | null>;
  /** The screens of several sessions by name, in one process; missing sessions are left out. */
  captureAll(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Pastes a text in the form that the session's program expects. Throws `conflict` if the session has ended. */
  paste(name: string, text: string): Promise<void>;
  /** Pastes a text, and presses Enter a moment later. Throws like `paste`. */
  say(name: string, text: string): Promise<void>;
  /** Presses keys, each of one character. Throws like `paste`. */
  press(name: string, keys: string): Promise<void>;
  /** Presses a key that has a name. Throws like `paste`. */
  pressKey(name: string, key: "Up" | "Down" | "Left" | "Right" | "Enter"): Promise<void>;
  /** Appends the output to another file from now on. */
  pipe(name: string, log: string): Promise<void>;
  /** The command line that shows a session in the user's own terminal, or controls it (`control`). */
  attachCommand(name: string, mode?: "terminal" | "control"): readonly string[];
  /** The environment for child processes of `attachCommand`. */
  readonly env: Readonly<Record<string, string>>;
};

/**
 * tmux learns that a program's terminal closed a moment before it learns how the program ended; sometimes it never learns it, and versions before 3.3 never
 * report that one was killed.
 */
const learnsMs = 50;
const maxLooks = 3;
/** tmux ends with its last session: a start in that moment meets an exiting server, and has to start another one once that is gone. */
const leavesMs = 50;
const maxAttempts = 20;
/** tmux's maximum command line is 16 KiB. */
const maxAtOnce = 50;

/**
 * Programs treat Enter as part of a pasted text if it arrives in the same piece. Gemini ignores it until it has drawn the text, and takes it for a line break for 40 ms
 * after that.
 */
const breath = ["run-shell", "sleep 0.6"];

/** `home` is Panopticon's folder; each has its own tmux server. */
export function createTmux(options: TmuxOptions): Tmux {
  const { env, commandLine, call, run, unlessGone } = createTmuxCalls(options);
  const pane = (name: string) => `=${name}:0.0`;

  /** tmux's current list; `isUnknown`: it has not learned yet how the process ended. */
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

  /** One call together with what follows, so that everything is typed or nothing, whatever happens to this process. */
  async function paste(name: string, text: string, ...after: readonly (readonly string[])[]): Promise<void> {
    // Nothing in a message may end the paste and continue as keys.
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
      // One call, so that no byte of output precedes the log.
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
      // The process tree cannot be determined any more once its root is gone.
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
        // tmux stops at the first missing session.
        const whole = code === 0 ? found : found.slice(0, -1);
        for (const [index, screen] of whole.entries()) screens.set(asked[index] ?? "", screen);
        if (code !== 0 && found.length === 0) return screens;
        rest = rest.slice(code === 0 ? asked.length : found.length);
      }
      return screens;
    },
    paste: (name, text) => inSession(() => paste(name, text)),
    say: (name, text) => inSession(() => paste(name, text, breath, ["send-keys", "-t", pane(name), "Enter"])),
    press: (name, keys) => inSession(async () => void (await run(["send-keys", "-t", pane(name), "-l", "--", keys]))),
    pressKey: (name, key) => inSession(async () => void (await run(["send-keys", "-t", pane(name), key]))),
    async pipe(name, log) {
      await unlessGone(["pipe-pane", "-t", pane(name), pipeCommand(log)]);
    },
    attachCommand(name, mode = "terminal") {
      return [...commandLine(), ...(mode === "control" ? ["-C"] : []), "attach-session", "-t", `=${name}`];
    },
  };
}

/** Joins several commands into one command line. */
function sequence(calls: readonly (readonly string[])[]): readonly string[] {
  return calls.flatMap((call, index) => (index === 0 ? call : [";", ...call]));
}

/** Quotes the log's path, which tmux passes to a shell, for the only shell command used. The path is Panopticon's own. */
function quoted(path: string): string {
  // tmux expands formats and times in it first.
  return `'${path.replaceAll("'", "'\\''").replaceAll("#", "##").replaceAll("%", "%%")}'`;
}
