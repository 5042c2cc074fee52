/* oxlint-disable no-control-regex -- terminal output contains them */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type AgentBench, makeAgentBench, panCommand } from "../../../test/support/agent-bench.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { eventually } from "../../../test/support/stage.ts";
import { createFloodGauge } from "./flood.ts";
import { openTerminal } from "./terminal.ts";
import { createTerminals, type Terminals } from "./terminals.ts";
import type { Size, ViewerOutput } from "./viewer.ts";

let bench: AgentBench;
let terminals: Terminals;
/** A shell as an agent: input is executed. */
const shell = { plan: [], resume: [], env: [], setEnv: { PS1: "> " }, silenceMs: null };

before(async () => {
  bench = await makeAgentBench({
    shell: { ...shell, command: ["sh", "-c", "exec sh -i", "{prompt}"] },
    ticker: { ...shell, command: [...panCommand, "agent", "scripted", "{prompt}"] },
  });
  terminals = createTerminals({ agents: bench.agents, tmux: bench.agentParts.tmux, clock: bench.agentParts.clock });
});
after(async () => {
  terminals.close();
  await bench.close();
});

/** A viewer that records what it receives. */
function makeViewer(options: { readonly reads?: boolean } = {}) {
  let text = "";
  let size = "";
  let resets = 0;
  let ended = false;
  let over: boolean | undefined;
  let bytes = 0;
  const output: ViewerOutput = {
    reset(columns, rows) {
      text = "";
      resets += 1;
      size = `${columns}x${rows}`;
    },
    write(piece) {
      text += piece.toString("latin1");
      bytes += piece.length;
      if (options.reads !== false) queueMicrotask(() => viewer.onWrite(bytes));
    },
    waitingBytes: () => 0,
    end(isOver) {
      ended = true;
      over = isOver;
    },
  };
  const viewer = {
    output,
    onWrite: (_bytes: number) => {},
    text: () => text,
    size: () => size,
    resets: () => resets,
    bytes: () => bytes,
    ended: () => ended,
    over: () => over,
    until: (pattern: RegExp) =>
      eventually(() => (pattern.test(text) ? text : undefined), `the viewer sees ${String(pattern)}`, {
        describe: () => text.slice(-2000),
        timeoutMs: 60_000,
      }),
    untilSize: (wanted: string) =>
      eventually(() => (size === wanted ? true : undefined), `its size is ${wanted}`, { describe: () => size }),
  };
  return viewer;
}

async function join(id: number, viewer: ReturnType<typeof makeViewer>, size: Size = { columns: 100, rows: 30 }) {
  const view = await terminals.join(id, viewer.output, size);
  assert.ok(view, "the session runs");
  viewer.onWrite = (bytes) => view.shown(bytes);
  return view;
}

let issue = 0;
async function start(name: string, script: readonly string[] = []): Promise<number> {
  issue += 1;
  const { id } = await bench.begin(issue, script, { name });
  await bench.untilScreen(id, name === "shell" ? />/ : /begins/);
  return id;
}

test("shows history and new output, and passes keys on unchanged", { timeout: 120_000 }, async () => {
  const id = await start("shell");
  const first = makeViewer();
  const view = await join(id, first);
  view.type(
    Buffer.from(
      'i=1; while [ $i -le 200 ]; do echo "line $i"; i=$((i+1)); done; printf "\\033[31mr\\303\\244d\\033[m\\n"\r',
    ),
  );
  await first.until(/line 200[\s\S]*\x1b\[31mr\u00c3\u00a4d/);
  const second = makeViewer();
  const other = await join(id, second);
  const text = await second.until(/r\u00c3\u00a4d/);
  assert.match(text, /line 1\r\n/);
  assert.equal(text.match(/\r\nline \d+(?=\r\n)/g)?.length, 200);
  other.type(Buffer.from("echo from-the-second; exit 0\r"));
  await first.until(/\nfrom-the-second/);
  await eventually(() => (first.ended() && second.ended() ? true : undefined), "both are told of the end");
  const late = makeViewer();
  assert.equal(await terminals.join(id, late.output, { columns: 80, rows: 24 }), null);
  assert.match(late.text(), /from-the-second/);
  assert.ok(late.ended());
  assert.deepEqual([first.over(), late.over()], [true, true]);
});

test("a client that is killed ends no session: its viewers may join again", { timeout: 120_000 }, async () => {
  const id = await start("shell");
  const { session } = await bench.agents.get(id);
  const viewer = makeViewer();
  await join(id, viewer);
  await viewer.until(/>/);
  const [program = "", ...line] = bench.agentParts.tmux.attachCommand(session, "control");
  const list = [...line.slice(0, line.indexOf("-C")), "list-clients", "-t", `=${session}`, "-F", "#{client_pid}"];
  process.kill(Number(execFileSync(program, list, { encoding: "utf8" })), "SIGKILL");
  await eventually(() => (viewer.ended() ? true : undefined), "it is told");
  assert.equal(viewer.over(), false);
  const again = makeViewer();
  await join(id, again);
  await again.until(/>/);
  await bench.agents.stop(id);
});

test("keys reach the program even if someone scrolls back in their own tmux", { timeout: 120_000 }, async () => {
  const id = await start("shell");
  const viewer = makeViewer();
  const view = await join(id, viewer);
  await viewer.until(/>/);
  const { session } = await bench.agents.get(id);
  const { tmux } = bench.agentParts;
  const [program = "", ...base] = tmux.attachCommand(session).slice(0, 5);
  const tell = (name: string, ...args: string[]) =>
    execFileSync(program, [...base, name, "-t", `=${session}:0.0`, ...args], { env: tmux.env })
      .toString()
      .trim();
  const isInMode = () => tell("display-message", "-p", "#{pane_in_mode}") === "1";
  tell("copy-mode");
  assert.ok(isInMode());
  // When the terminal learns of the mode is not visible from outside; until then keys go there.
  await eventually(() => {
    view.type(Buffer.from("x"));
    return isInMode() ? undefined : true;
  }, "the mode is left");
  view.type(Buffer.from("\u0015echo heard-$((1+1))\r"));
  await viewer.until(/\nheard-2/);
  await bench.agents.stop(id);
});

test("has the size of the last active viewer, and reports it to all", { timeout: 120_000 }, async () => {
  const id = await start("shell");
  const wide = makeViewer();
  const wideView = await join(id, wide, { columns: 150, rows: 40 });
  await wide.untilSize("150x40");
  const narrow = makeViewer();
  const narrowView = await join(id, narrow, { columns: 45, rows: 20 });
  await narrow.untilSize("45x20");
  await wide.untilSize("45x20");
  wideView.type(Buffer.from("stty size\r"));
  await wide.untilSize("150x40");
  await narrow.untilSize("150x40");
  await wide.until(/40 150/);
  narrowView.resize({ columns: 50, rows: 22 });
  await wide.untilSize("50x22");
  narrowView.leave();
  await wide.untilSize("150x40");
  wideView.leave();
  await bench.agents.stop(id);
});

test("a full-screen program is shown with what is below it", { timeout: 120_000 }, async () => {
  const id = await start("shell");
  const first = makeViewer();
  const view = await join(id, first);
  view.type(
    Buffer.from('echo below; printf "\\033[?1049h\\033[2J\\033[5;7Hfull\\033[?1h\\033[?25l\\033[?1000h\\033[?1006h"\r'),
  );
  await first.until(/\x1b\[\?1006h/);
  const second = makeViewer();
  await join(id, second);
  const text = await second.until(/\x1b\[\?25l/);
  assert.match(text, /below[\s\S]*\x1b\[\?1049h\x1b\[H[\s\S]*full[\s\S]*\x1b\[5;13H/);
  for (const mode of ["\x1b[?1h", "\x1b[?1000h", "\x1b[?1006h"]) assert.ok(text.includes(mode), JSON.stringify(mode));
  await bench.agents.stop(id);
});

test("a paste arrives in one piece, and a long one completely", { timeout: 120_000 }, async () => {
  const id = await start("shell");
  const viewer = makeViewer();
  const view = await join(id, viewer);
  view.type(Buffer.from("stty -echo; echo ready; cat | wc -c\r"));
  await viewer.until(/ready\r\n/);
  await view.paste("one\ntwo\x1b[201~\x03\n");
  const long = `${"x".repeat(999)}\r`.repeat(20);
  view.type(Buffer.from(long));
  view.type(Buffer.from([4]));
  // The paste without what could end it.
  await viewer.until(new RegExp(`\\b${"one\ntwo\n".length + 20_000}\\b`));
  await bench.agents.stop(id);
});

test(
  "a slow viewer is skipped, and gets the current terminal once it has caught up",
  { timeout: 120_000 },
  async () => {
    const id = await start("ticker", [
      "read",
      "spam 700000",
      "say middle",
      "read",
      "spam 700000",
      "say the end",
      "read",
    ]);
    const [quick, slow] = [makeViewer(), makeViewer({ reads: false })];
    const view = await join(id, quick);
    const slowView = await join(id, slow);
    for (const words of [/middle/, /the end/]) {
      view.type(Buffer.from("\r"));
      await quick.until(words);
    }
    assert.ok(slow.bytes() < 1_300_000, `${slow.bytes()} bytes wait for it`);
    slowView.shown(slow.bytes());
    await slow.until(/the end/);
    await bench.agents.stop(id);
  },
);

test("a flood delays nobody, and ends with everything in the scrollback", { timeout: 120_000 }, async () => {
  const id = await start("shell");
  const viewer = makeViewer();
  const view = await join(id, viewer);
  view.type(Buffer.from("seq 1 300000; echo all-of-it\r"));
  await viewer.until(/\n295000\r\n[\s\S]*\n300000\r\nall-of-it\r\n/);
  view.type(Buffer.from("echo still-here\r"));
  await viewer.until(/\nstill-here/);
  await bench.agents.stop(id);
});

test("tmux is asked for the terminal once, however long it takes", { timeout: 120_000 }, async () => {
  const { tmux, clock } = bench.agentParts;
  const { session, id } = await bench.agents.get(await start("shell"));
  const [program = "", ...line] = tmux.attachCommand(session, "control");
  const log = joinPath(bench.home, "asked-of-tmux");
  const asked = () => (existsSync(log) ? readFileSync(log, "utf8") : "");
  const terminal = openTerminal({
    clock,
    session,
    attach: { command: ["sh", "-c", 'tee "$0" | "$@"', log, program, ...line], env: tmux.env },
    paste: async () => {},
    isOver: async () => false,
    closed: () => {},
  });
  const size = { columns: 100, rows: 30 };
  // It never catches up, which is checked again and again.
  terminal.join({ ...makeViewer().output, waitingBytes: () => 1_000_000 }, size);
  await eventually(() => (asked().includes("pane_id") ? true : undefined), "the client is attached");
  const socket = line.slice(0, line.indexOf("-C"));
  const server = Number(execFileSync(program, [...socket, "display-message", "-p", "#{pid}"], { encoding: "utf8" }));
  const viewer = makeViewer();
  process.kill(server, "SIGSTOP");
  try {
    terminal.join(viewer.output, size);
    // Time for several checks.
    await sleep(600);
  } finally {
    process.kill(server, "SIGCONT");
  }
  await viewer.until(/>/);
  assert.equal(asked().match(/capture-pane [^;]*-a /g)?.length, 1);
  terminal.close();
  await bench.agents.stop(id);
});

test("more than anyone can read is a flood", () => {
  let at = 0;
  const gauge = createFloodGauge({ now: () => at });
  assert.equal(gauge.add(200_000), false);
  assert.equal(gauge.add(100_000), true);
  at = 300;
  for (let window = 0; window < 10; window += 1) {
    assert.equal(gauge.add(200_000), false);
    at += 300;
  }
});

test("titles are not text", { timeout: 120_000 }, async () => {
  const id = await start("shell");
  const viewer = makeViewer();
  const view = await join(id, viewer);
  view.type(Buffer.from("printf 'a\\033khidden\\033\\\\b\\033[1mc\\n'\r"));
  await viewer.until(/ab\x1b\[1mc/);
  await bench.agents.stop(id);
});
