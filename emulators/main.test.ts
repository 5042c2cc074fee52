import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { describe, test } from "node:test";
import { after } from "../test/support/hooks.ts";
import { emulatedTrackers } from "./start.ts";

const program = new URL("main.ts", import.meta.url).pathname;
const children: ChildProcess[] = [];

function run(args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  return child;
}

async function readAll(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = "";
  for await (const chunk of stream ?? []) text += String(chunk);
  return text;
}

/** The first complete JSON document the program prints; it keeps running. */
async function readSummary(
  child: ChildProcess,
): Promise<Record<string, { url: string; credentials: Record<string, string>; sources: unknown[]; control: string }>> {
  let text = "";
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.trimEnd().endsWith("\n}")) break;
  }
  return JSON.parse(text) as Awaited<ReturnType<typeof readSummary>>;
}

describe("npm run emulators", () => {
  after(() => {
    for (const child of children) if (child.exitCode === null) child.kill("SIGKILL");
  });

  test("prints all addresses, serves them, and ends on SIGTERM", async () => {
    const child = run(["--issues", "20", "--seed", "7", "--port", "0", "--json"]);
    const summary = await readSummary(child);
    assert.deepEqual(Object.keys(summary), emulatedTrackers);
    const { github, linear } = summary;
    assert.ok(github && linear);
    assert.equal(github.credentials["GITHUB_API_URL"], github.url);
    assert.equal(linear.credentials["LINEAR_API_URL"], linear.url);
    assert.equal(github.sources.length, 2);
    const user = await fetch(`${github.url}/user`, {
      headers: { authorization: `Bearer ${github.credentials["GITHUB_TOKEN"]}` },
    });
    assert.equal(user.status, 200);
    assert.equal((await fetch(`${linear.control}/issues`)).status, 200);
    child.kill("SIGTERM");
    const [code] = (await once(child, "exit")) as [number | null];
    assert.equal(code, 0);
  });

  test("--help prints the usage", async () => {
    const child = run(["--help"]);
    const [text, [code]] = await Promise.all([readAll(child.stdout), once(child, "exit")]);
    assert.match(text, /^Usage: npm run emulators -- \[--only /);
    assert.equal(code, 0);
  });

  test("--only starts the named emulators, --variant selects an edition", async () => {
    const child = run(["--only", "jira", "--variant", "jira=data-center", "--issues", "10", "--port", "0"]);
    const { jira, ...others } = await readSummary(child);
    assert.deepEqual(others, {});
    assert.match(jira?.url ?? "", /\/jira$/);
    child.kill("SIGINT");
    const [code] = (await once(child, "exit")) as [number | null];
    assert.equal(code, 0);
  });

  const wrong: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [["--isues", "10"], /--isues/],
    [["--only", "trello"], /no emulator for "trello".*github, linear/],
    [["--issues", "many"], /--issues takes a whole number/],
    [["--issues", "0"], /--issues takes a whole number/],
    [["--port", "99999"], /--port takes a whole number/],
    [["--only", "jira", "--variant", "gitlab=statuses"], /--variant takes a tracker that is started/],
    [["now"], /now/],
  ];
  for (const [args, message] of wrong) {
    test(`${args.join(" ")} is a usage error`, async () => {
      const child = run(args);
      const [errors, [code]] = await Promise.all([readAll(child.stderr), once(child, "exit")]);
      assert.equal(code, 2);
      assert.match(errors, message);
      assert.match(errors, /^Usage: /m);
    });
  }
});
