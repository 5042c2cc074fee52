import { appendFileSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Run, writtenRun } from "./run-script.ts";
import { readOptional } from "../read-optional.ts";

/** A signal that an agent sends through `pan agent signal`. */
export type Signal = {
  readonly signal: "running" | "waiting" | "done";
  readonly at: number;
  readonly message: string | null;
  /** In US dollars, in total. */
  readonly cost: number | null;
  readonly tokens: number | null;
};

/** An agent's folder: the state that must outlive the server. Each file is written by one process. */
export type AgentFiles = {
  readonly folder: string;
  /** Its raw output. */
  readonly log: string;
  /** The terminal's last content, kept when its session ends. */
  readonly screen: string;
  file(name: string): string;
  /** See `runScript`. Throws `invalid_input`. */
  writeRun(run: Run): void;
  /** The exit code and time of its process; null if it has not ended, or was killed. */
  readExit(): { readonly code: number; readonly at: number } | null;
  forgetExit(): void;
  signal(signal: Signal): void;
  /** The signals from an offset on, and the current end. */
  readSignals(from: number): { readonly signals: readonly Signal[]; readonly end: number };
  remove(): void;
};

export function agentFolder(home: string, id: number): string {
  return join(home, "work", "agents", String(id));
}

export function agentFiles(folder: string): AgentFiles {
  const file = (name: string) => join(folder, name);
  const write = (name: string, text: string) => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const neighbour = file(`${name}.tmp`);
    writeFileSync(neighbour, text, { mode: 0o600 });
    renameSync(neighbour, file(name));
  };
  return {
    folder,
    log: file("output.log"),
    screen: file("screen"),
    file,
    writeRun: (run) => write("run", writtenRun(run)),
    readExit() {
      const text = readOptional(file("exit"));
      if (text === null || !/^\d+\s*$/.test(text)) return null;
      return { code: Number(text), at: statSync(file("exit")).mtimeMs };
    },
    forgetExit: () => rmSync(file("exit"), { force: true }),
    signal(signal) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      appendFileSync(file("signals"), `${JSON.stringify(signal)}\n`, { mode: 0o600 });
    },
    readSignals(from) {
      const text = readOptional(file("signals")) ?? "";
      const end = text.lastIndexOf("\n") + 1;
      const lines = text.slice(Math.min(from, end), end).split("\n");
      return { signals: lines.flatMap(parseSignal), end };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The agent can write anything into this file; lines that are not signals are skipped. */
function parseSignal(line: string): readonly Signal[] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
  if (typeof value !== "object" || value === null) return [];
  const { signal, at, message, cost, tokens } = value as Partial<Record<keyof Signal, unknown>>;
  if ((signal !== "running" && signal !== "waiting" && signal !== "done") || typeof at !== "number") return [];
  const number = (one: unknown) => (typeof one === "number" && Number.isFinite(one) && one >= 0 ? one : null);
  return [
    {
      signal,
      at,
      message: typeof message === "string" ? message.slice(0, 2_000) : null,
      cost: number(cost),
      tokens: number(tokens),
    },
  ];
}
