import { spawn } from "node:child_process";
import { createControlReader } from "./control-reader.ts";

export type ControlListener = {
  /** Receives the output since the last call. */
  readonly output: (bytes: Buffer) => void;
  readonly notice: (words: readonly string[]) => void;
  /** Called once, when the session, tmux or this client has ended. */
  readonly end: () => void;
};

/** A tmux client driven by a program: it receives the session's output and sends commands. */
export type ControlClient = {
  /**
   * Sends commands joined in one line, so that nothing comes between them. `done` gets their replies before any later event is reported, null if one was
   * refused; it is not called if the session ends first.
   */
  send(commands: readonly string[], done?: (replies: readonly (readonly Buffer[])[] | null) => void): void;
  /** Bytes of commands that tmux has not read yet. */
  pendingBytes(): number;
  /** Detaches; the session continues. */
  close(): void;
};

/** The commands of one line. tmux skips those after a failed one. */
type Waiting = {
  readonly count: number;
  readonly replies: (readonly Buffer[])[];
  readonly done: ((replies: readonly (readonly Buffer[])[] | null) => void) | undefined;
};

export function openControlClient(
  { command, env }: { readonly command: readonly string[]; readonly env: Readonly<Record<string, string>> },
  listener: ControlListener,
): ControlClient {
  const [program = "tmux", ...args] = command;
  // In a process group of its own, so that Ctrl-C in the server's terminal does not reach it: viewers would take its end for the agent's.
  const child = spawn(program, args, { cwd: "/", env, stdio: ["pipe", "pipe", "ignore"], detached: true });
  const read = createControlReader();
  const waiting: Waiting[] = [];
  /** Commands from before tmux attached the client: until then it has no session, and commands about the client itself are refused. */
  let held: string[] | null = [];
  let ended = false;

  function attached(): void {
    const lines = held ?? [];
    held = null;
    if (lines.length > 0) child.stdin.write(lines.join(""));
  }

  function end(): void {
    if (ended) return;
    ended = true;
    child.stdin.destroy();
    listener.end();
  }

  function onReply(ok: boolean, lines: readonly Buffer[]): void {
    const [asked] = waiting;
    if (asked === undefined) return;
    asked.replies.push(lines);
    if (ok && asked.replies.length < asked.count) return;
    waiting.shift();
    asked.done?.(ok ? asked.replies : null);
  }

  child.stdout.on("data", (chunk: Buffer) => {
    let output: Buffer[] = [];
    const flush = () => {
      if (output.length > 0)
        listener.output(output.length === 1 ? (output[0] ?? Buffer.alloc(0)) : Buffer.concat(output));
      output = [];
    };
    for (const event of read(chunk)) {
      if (event.kind === "output") output.push(event.bytes);
      else {
        flush();
        if (event.kind === "notice") {
          if (event.words[0] === "%session-changed") attached();
          if (event.words[0] === "%exit") end();
          else listener.notice(event.words);
        } else onReply(event.ok, event.lines);
      }
    }
    flush();
  });
  child.once("error", end);
  child.once("close", end);
  // A write to a client that has just ended; other events report its end.
  child.stdin.on("error", () => undefined);

  return {
    send(commands, done) {
      if (ended) return;
      waiting.push({ count: commands.length, replies: [], done });
      const line = `${commands.join(" ; ")}\n`;
      if (held === null) child.stdin.write(line);
      else held.push(line);
    },
    pendingBytes: () => child.stdin.writableLength + (held ?? []).reduce((sum, line) => sum + line.length, 0),
    close() {
      if (ended) return;
      ended = true;
      child.stdin.end();
      child.stdout.destroy();
      child.kill("SIGTERM");
    },
  };
}
