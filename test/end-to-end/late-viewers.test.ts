import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { test } from "node:test";
import type * as Xterm from "@xterm/xterm";
import type { Agent } from "../../src/domain/agent.ts";
import { type AgentBench, makeAgentBench } from "../support/agent-bench.ts";
import { after, before } from "../support/hooks.ts";
import { eventually } from "../support/stage.ts";
import { countAsTmux } from "../../web/src/agents/terminal/character-widths.ts";
import { createTerminals, type Terminals } from "../../src/work/terminal/terminals.ts";

// A late viewer sees what the others see, and keeps doing so: compared with the board's terminal emulator and with tmux.

/** Node cannot detect named exports in its bundle. */
const xterm = createRequire(import.meta.url)("@xterm/xterm") as typeof Xterm;
const limit = { timeout: 120_000 };
const size = { columns: 40, rows: 12 };

let bench: AgentBench;
let terminals: Terminals;
let agent: Agent;
let early: Awaited<ReturnType<typeof openTab>>;
before(async () => {
  bench = await makeAgentBench({
    painter: {
      // Each typed line is what the program prints.
      command: ["sh", "-c", 'stty -echo; printf ready; while IFS= read -r line; do printf "$line"; done', "{prompt}"],
      plan: [],
      resume: [],
      env: [],
      setEnv: {},
      silenceMs: null,
    },
  });
  terminals = createTerminals({ agents: bench.agents, tmux: bench.agentParts.tmux, clock: bench.agentParts.clock });
  agent = await bench.begin(1, [], { name: "painter" });
  await bench.untilScreen(agent.id, /ready/);
  early = await openTab(agent.id);
  await early.untilReset();
});
after(async () => {
  terminals.close();
  await bench.close();
});

/** A tab of the board. */
async function openTab(id: number) {
  const screen = new xterm.Terminal({ cols: size.columns, rows: size.rows, allowProposedApi: true });
  countAsTmux(screen);
  let raw = "";
  let resets = 0;
  let drawn = Promise.resolve();
  const view = await terminals.join(
    id,
    {
      reset(columns, rows) {
        raw = "";
        resets += 1;
        screen.reset();
        screen.resize(columns, rows);
      },
      write(bytes) {
        raw += bytes.toString("latin1");
        const before = drawn;
        drawn = new Promise((resolve) => screen.write(bytes, () => void before.then(resolve)));
      },
      waitingBytes: () => 0,
      end: () => undefined,
    },
    size,
  );
  assert.ok(view);
  return {
    view,
    until: (text: string) =>
      eventually(() => (raw.includes(text) ? true : undefined), `it gets ${JSON.stringify(text)}`, {
        describe: () => raw,
      }),
    forget() {
      raw = "";
    },
    untilReset: () => eventually(() => (resets > 0 ? true : undefined), "it gets the terminal as it stands"),
    async shown() {
      await drawn;
      return describeScreen(screen);
    },
    async rows() {
      await drawn;
      return rowsOf(screen);
    },
  };
}

function rowsOf({ buffer: { active }, rows }: Xterm.Terminal): string[] {
  return Array.from({ length: rows }, (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? "");
}

/** Everything visible on a screen, and how it handles keys. */
function describeScreen(screen: Xterm.Terminal) {
  const { buffer, modes, rows, cols } = screen;
  const active = buffer.active;
  const cells = Array.from({ length: rows }, (_, row) => {
    const line = active.getLine(active.baseY + row);
    return Array.from({ length: cols }, (__, column) => {
      const cell = line?.getCell(column);
      if (cell === undefined) return "";
      const look = [cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor()];
      const kinds = [
        cell.isBold(),
        cell.isDim(),
        cell.isItalic(),
        cell.isUnderline(),
        cell.isInverse(),
        cell.isInvisible(),
        cell.isStrikethrough(),
      ];
      return `${cell.getChars() || " "}/${cell.getWidth()} ${look.join(",")} ${kinds.map((kind) => (kind ? 1 : 0)).join("")}`;
    });
  });
  return {
    kind: active.type,
    cursor: [active.cursorX, active.cursorY],
    modes: { ...modes },
    rows: rowsOf(screen),
    cells,
  };
}

/** The output before a viewer joins, and afterwards. */
const cases: Readonly<Record<string, readonly [before: string, after: string]>> = {
  "the cursor within a region, with the origin mode": [
    "\\033[3;8r\\033[?6h\\033[2;5Hin the region",
    "X\\033[1;1HY\\033[6;1Hlast\\nscrolls",
  ],
  "the cursor at the region's end": ["\\033[2;5r\\033[5;1Hlast", "\\r\\nscrolls\\r\\non"],
  "a full-screen program that ends": ["one\\r\\ntwo> \\033[?1049h\\033[2J\\033[4;4Hfull", "\\033[?1049lafter"],
  "a full-screen program over what was scrolled away": [
    `${Array.from({ length: 20 }, (_, line) => `line ${line}\\r\\n`).join("")}${"w".repeat(100)}\\033[?1049h\\033[2J\\033[4;4Hfull`,
    "\\033[?1049lafter",
  ],
  "a line that is full to its end": [`\\033[31m${"x".repeat(40)}\\033[m`, "goes on"],
  "a wide character at the end of a line": [`${"x".repeat(38)}漢`, "goes on"],
  "a wide character that did not fit": [`${"x".repeat(39)}漢`, "goes on"],
  "wide and combining characters, and emoji": ["漢字 e\\314\\201 ✅ 🙂 ⚠️ 👍🏽 🇩🇪 한 |", "\\033[1;30Hthere"],
  "colours and styles": [
    "\\033[1;31mbold\\033[0;3;38;5;208;48;5;17m256\\033[0;4;9;38;2;1;2;3;48;2;200;100;50mtrue\\033[0;7;2mdim\\033[m\\033[91;103mbright\\033[m",
    "plain",
  ],
  "line drawing": ["\\033(0lqqk\\033(B\\r\\n\\033)0\\016x  x\\017", "\\r\\n\\016mqqj\\017"],
  "a hidden cursor and keys as the program wants them": ["\\033[?25l\\033[?1h\\033=", "\\033[?25hx"],
  "all movements of the mouse": ["\\033[?1003h\\033[?1006h", "x"],
  "insertion, and no wrapping": [`text\\033[4h\\033[1;2H\\033[?7l`, `in${"y".repeat(60)}`],
  "an escape sequence that is cut in two": ["abc\\033[3", "1mred"],
  "a character that is cut in two": ["abc\\346\\274", "\\242d"],
  "tab stops": ["\\033[3g\\033[5G\\033H\\033[20G\\033H\\033[1G", "\\ta\\tb"],
};

/** The rows as tmux has them. */
function rowsOfPane(session: string): string[] {
  const { tmux } = bench.agentParts;
  const [program = "", ...line] = tmux.attachCommand(session);
  const base = line.slice(0, line.indexOf("attach-session"));
  const capture = ["capture-pane", "-p", "-t", `=${session}:0.0`];
  return execFileSync(program, [...base, ...capture], { env: tmux.env, encoding: "utf8" })
    .split("\n")
    .slice(0, size.rows);
}

for (const [what, [beforehand, afterwards]] of Object.entries(cases)) {
  test(`a late viewer sees ${what}`, limit, async () => {
    early.forget();
    const isCut = what.includes("cut in two");
    // The title is invisible, so it marks progress; a sequence cut in two cannot contain one.
    const paint = (text: string, mark = "") =>
      early.view.type(Buffer.from(`${text}\r${mark === "" ? "" : `\\033]0;${mark}\\007\r`}`));
    paint(`\\033[?1049l\\033c${beforehand}`, isCut ? "" : "painted");
    await early.until(isCut ? "abc" : "]0;painted");
    const late = await openTab(agent.id);
    await late.untilReset();
    if (!isCut) assert.deepEqual(await late.shown(), await early.shown());
    paint(afterwards, "all");
    await Promise.all([early.until("]0;all"), late.until("]0;all")]);
    assert.deepEqual(await late.shown(), await early.shown());
    // tmux returns line-drawing characters as letters.
    if (what !== "line drawing") assert.deepEqual(await late.rows(), rowsOfPane(agent.session));
    late.view.leave();
  });
}
