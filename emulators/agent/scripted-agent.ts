import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

/** The script of an agent whose prompt has none: a small task with one question. */
const ordinary = `
say Reading .panopticon/STATE.md
sleep 300
plan Write a note about the issue, and commit it.
ask Shall I write the note? [y/n]
write NOTES.md A note about {ref}.
commit Add a note about {ref}
say One file changed.
done
`;

/**
 * A coding agent that needs no model: it runs the script in its prompt, one step per line, after a line `script:`. Steps: say TEXT, ask TEXT (signals that it
 * waits, and waits for a line), bell TEXT (rings the bell instead), read (waits silently), write FILE TEXT, commit MESSAGE, plan TEXT, related REF, sleep MS,
 * spam BYTES, cost DOLLARS, done (keeps running and answers), exit CODE. `{ref}` and `{answer}` are substituted.
 */
export async function runScriptedAgent(
  prompt: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const lines = readLines();
  const out = (text: string) => process.stdout.write(`${text}\n`);
  const signal = (...args: string[]) => {
    spawnSync("pan", ["agent", "signal", ...args], { env: { ...env }, stdio: "ignore" });
  };
  const git = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync("git", args, { env: { ...env }, encoding: "utf8" });
    if (status !== 0) out(`git ${args[0] ?? ""}: ${stderr.trim()}`);
    else if (stdout.trim() !== "") out(stdout.trim());
  };
  const state = join(process.cwd(), ".panopticon", "STATE.md");
  const under = (heading: string, text: string) => {
    const before = readFileSync(state, "utf8");
    writeFileSync(
      state,
      before.replace(`## ${heading}\n`, () => `## ${heading}\n\n${text}\n`),
    );
  };
  let answer = "";

  out(`The scripted agent begins on ${env["PANOPTICON_REF"] ?? "nothing"}.`);
  for (const step of scriptOf(prompt)) {
    const [word = ""] = step.split(" ", 1);
    const text = step
      .slice(word.length + 1)
      .replaceAll("{ref}", env["PANOPTICON_REF"] ?? "")
      .replaceAll("{answer}", answer);
    switch (word) {
      case "say":
        out(text);
        break;
      case "ask":
        out(text);
        signal("waiting", "--message", text);
        answer = await lines.next();
        out(`Answered: ${answer}`);
        break;
      case "bell":
        process.stdout.write(`${text}\u0007\n`);
        answer = await lines.next();
        out(`Answered: ${answer}`);
        break;
      case "read":
        answer = await lines.next();
        break;
      case "write": {
        const [file = "", ...words] = text.split(" ");
        mkdirSync(dirname(file), { recursive: true });
        appendFileSync(file, `${words.join(" ")}\n`);
        break;
      }
      case "commit":
        git("add", "--all");
        git("commit", "--quiet", "-m", text);
        out(`Committed: ${text}`);
        break;
      case "plan":
        under("Plan", text);
        break;
      case "related":
        under("Related issues", `- ${text}`);
        break;
      case "sleep":
        await sleep(Number(text));
        break;
      case "spam":
        await spam(Number(text));
        break;
      case "cost":
        signal("running", "--cost", text);
        break;
      case "done":
        signal("done");
        for (;;) {
          answer = await lines.next();
          signal("running");
          out(`Heard: ${answer}`);
          signal("done");
        }
      case "exit":
        lines.close();
        return Number(text);
      default:
        out(`It does not know how to “${word}”.`);
    }
  }
  lines.close();
  return 0;
}

function scriptOf(prompt: string): readonly string[] {
  const [, script] = prompt.split(/^script:\s*$/m);
  return (script ?? ordinary)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** Reads lines typed into the terminal; the end of the terminal ends the agent. */
function readLines() {
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  const input = createInterface({ input: process.stdin, terminal: false });
  input.on("line", (line) => {
    const next = waiting.shift();
    if (next === undefined) lines.push(line);
    else next(line);
  });
  const gone = () => process.exit(0);
  input.on("close", gone);
  return {
    close() {
      input.off("close", gone);
      input.close();
      process.stdin.unref();
    },
    next: (): Promise<string> => {
      const line = lines.shift();
      return line === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(line);
    },
  };
}

async function spam(bytes: number): Promise<void> {
  const line = `${"0123456789abcdef".repeat(6)}\n`;
  for (let left = bytes; left > 0; left -= line.length) {
    if (!process.stdout.write(line)) await new Promise((resolve) => process.stdout.once("drain", resolve));
  }
}
