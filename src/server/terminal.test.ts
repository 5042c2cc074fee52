import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { WebSocket } from "ws";
import { scripted } from "../../test/support/agent-bench.ts";
import { after, before } from "../../test/support/hooks.ts";
import { makeRepository } from "../../test/support/workbench.ts";
import { putIssues } from "../../test/support/put-issues.ts";
import { makeIssue } from "../../test/support/store-fixtures.ts";
import { type ServerHarness, startServerHarness } from "../../test/support/server-harness.ts";
import { testProjects } from "../../test/support/test-config.ts";
import { eventually } from "../../test/support/stage.ts";
import type { AgentShape } from "./contract/work.ts";

let harness: ServerHarness;
let agent: string;

before(async () => {
  harness = await startServerHarness({
    prepare: (store) => putIssues(store, [makeIssue(7, { title: "Seven" })]),
  });
  const { checkout } = makeRepository(harness.folder);
  harness.config.change({
    projects: testProjects.map((project) => ({ ...project, path: checkout })),
    agents: { scripted },
  });
  const { issues } = (await harness.ask("/api/issues")).json() as { issues: { ref: string }[] };
  const started = await harness.ask("/api/agents", {
    method: "POST",
    body: { ref: issues[0]?.ref, agent: "scripted", prompt: "script:\nask Who is there?\nsay That was {answer}\nread" },
  });
  assert.equal(started.status, 201, started.text);
  agent = (started.json() as AgentShape).id;
});
after(async () => {
  await harness.ask(`/api/agents/${agent}/stop`, { method: "POST" });
  await harness.close();
});

const path = () => `/api/agents/${agent}/terminal?columns=90&rows=25`;
const own = () => ({ host: `127.0.0.1:${harness.port}` });
const signedIn = () => ({ ...own(), authorization: `Bearer ${harness.token}` });

/** Sends exactly this handshake and returns the status of the response. */
function shake(to: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(harness.port, "127.0.0.1");
    const all = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...headers,
    };
    socket.on("error", reject);
    socket.once("data", (answer: Buffer) => {
      socket.destroy();
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(answer.toString())?.[1]));
    });
    socket.once("close", () => resolve(0));
    socket.write(
      `GET ${to} HTTP/1.1\r\n${Object.entries(all)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join("")}\r\n`,
    );
  });
}

describe("an upgrade passes the doors like every request", () => {
  test("requires the session", async () => {
    for (const headers of [
      {},
      { authorization: "Bearer wrong" },
      { cookie: `panopticon_${harness.port}=${harness.token}` },
      { "sec-fetch-site": "same-origin", origin: `http://127.0.0.1:${harness.port}` },
      { "sec-websocket-protocol": harness.token },
    ]) {
      assert.equal(await shake(path(), { ...own(), ...headers }), 401, JSON.stringify(headers));
    }
    assert.equal(await shake(`${path()}&token=${harness.token}`, own()), 401);
  });

  test("is refused for pages of other sites, even with the user's cookie or token", async () => {
    const { port } = harness;
    const [setCookie = ""] =
      (await harness.send(`/?token=${harness.token}`, { headers: { "sec-fetch-mode": "navigate" } })).headers[
        "set-cookie"
      ] ?? [];
    const [cookie = ""] = setCookie.split(";");
    for (const headers of [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: `http://127.0.0.1:${port + 1}` },
      { origin: `http://localhost:${port}` },
      { origin: `https://127.0.0.1:${port}` },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "none", "sec-fetch-mode": "websocket" },
      { host: `evil.example:${port}` },
      { host: `evil.example:${port}`, origin: `http://evil.example:${port}`, "sec-fetch-site": "same-origin" },
      { host: "127.0.0.1" },
    ]) {
      for (const key of [{ cookie }, { authorization: `Bearer ${harness.token}` }]) {
        assert.equal(await shake(path(), { ...own(), ...headers, ...key }), 403, JSON.stringify(headers));
      }
    }
    // The same cookie from our own page.
    const page = { origin: `http://127.0.0.1:${port}`, "sec-fetch-site": "same-origin", "sec-fetch-mode": "websocket" };
    assert.equal(await shake(path(), { ...own(), ...page, cookie }), 101);
  });

  test("is granted only for a terminal", async () => {
    assert.equal(await shake("/api/agents/999/terminal", signedIn()), 404);
    assert.equal(await shake("/api/agents/x/terminal", signedIn()), 400);
    assert.equal(await shake("/api/agents/1/terminal?columns=0", signedIn()), 400);
    for (const other of ["/api/board", "/api/events", "/", `/api/agents/${agent}`]) {
      assert.equal(await shake(other, signedIn()), 400, other);
      assert.equal(await shake(other, own()), 401, other);
    }
    assert.equal((await harness.ask(path())).status, 400);
  });
});

function open(): { socket: WebSocket; until: (pattern: RegExp) => Promise<string>; messages: unknown[] } {
  const socket = new WebSocket(`ws://127.0.0.1:${harness.port}${path()}`, { headers: signedIn() });
  let text = "";
  const messages: unknown[] = [];
  socket.on("message", (data: Buffer, isBinary) => {
    if (isBinary) text += data.toString();
    else messages.push(JSON.parse(data.toString()));
  });
  const until = (pattern: RegExp) =>
    eventually(() => (pattern.test(text) ? text : undefined), `the terminal shows ${String(pattern)}`, {
      describe: () => [text, messages],
    });
  return { socket, until, messages };
}

const closeCode = (socket: WebSocket) =>
  new Promise<number>((resolve) => {
    socket.once("close", resolve);
  });

test(
  "a terminal shows output, takes keys and pastes, and reports when the session ends",
  { timeout: 60_000 },
  async () => {
    const { socket, until, messages } = open();
    await until(/Who is there\?/);
    const isWanted = () =>
      JSON.stringify(messages.at(-1)) === '{"type":"reset","columns":90,"rows":25}' ? true : undefined;
    await eventually(isWanted, "the terminal has the viewer's size", { describe: () => messages });
    socket.send(JSON.stringify({ type: "paste", text: "somebody" }));
    await until(/somebody/);
    socket.send(Buffer.from("\r"));
    await until(/That was somebody/);
    const closed = closeCode(socket);
    await harness.ask(`/api/agents/${agent}/stop`, { method: "POST" });
    assert.equal(await closed, 1000);
    assert.deepEqual(messages.at(-1), { type: "ended" });
    const later = open();
    let code: number | undefined;
    later.socket.once("close", (given: number) => {
      code = given;
    });
    await later.until(/That was somebody/);
    await eventually(() => (later.messages.length > 1 ? true : undefined), "it says that it has ended");
    // Without the viewer's goodbye, ws gives up only after 30 seconds.
    await eventually(() => code, "the connection closes at once", { timeoutMs: 10_000 });
    assert.equal(code, 1000);
  },
);

test("an invalid message ends the connection", { timeout: 60_000 }, async () => {
  const resumed = await harness.ask(`/api/agents/${agent}/resume`, { method: "POST", body: {} });
  assert.equal(resumed.status, 200, resumed.text);
  for (const message of ["{", "[]", '{"type":"run","command":"id"}', '{"type":"resize","columns":-1,"rows":5}']) {
    const { socket, until } = open();
    await until(/Who is there\?/);
    const closed = closeCode(socket);
    socket.send(message);
    assert.equal(await closed, 1003, message);
  }
});
