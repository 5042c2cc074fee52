import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import fc from "fast-check";
import { mutateJson, mutation } from "../../../test/support/mutate-json.ts";
import { isPanopticonError } from "../../domain/error.ts";
import type { Delivery } from "../webhooks/webhook.ts";
import { hasCode } from "./assert-code.ts";
import { type Seen, startLocalServer } from "./local-server.ts";
import type { Register } from "./register.ts";
import { setStage, type Subject } from "./stage.ts";
import { readIssue } from "./read-issue.ts";

const secret = "a-secret-of-the-conformance-suite";

/** Proves and reads what the emulator sends. */
export function testWebhooks(it: Register, subject: Subject): void {
  const { definition } = subject;
  const { secretIn, byToken } = definition.webhooks;

  /** The URL as users enter it. */
  const addressOf = (url: string) =>
    `${url}/webhooks/${definition.id}${secretIn === "address" ? `?secret=${secret}` : ""}`;

  /** All deliveries caused by `change`. */
  async function deliveriesOf(t: TestContext, change: (stage: Awaited<ReturnType<typeof setStage>>) => void) {
    const stage = await setStage(t, subject, { issues: 8 });
    const server = await startLocalServer((_request, response) => {
      response.writeHead(202).end();
    });
    t.after(() => server.close());
    const { emulator } = stage;
    emulator.webhooks.register({ url: addressOf(server.url), secret, sourceId: emulator.sources[0]?.id ?? null });
    await emulator.webhooks.settle();
    const before = server.seen.length;
    change(stage);
    await emulator.webhooks.settle();
    return { ...stage, deliveries: server.seen.slice(before).map(toDelivery) };
  }

  it("proves what the tracker sent, and nothing else", async (t) => {
    const reader = await definition.webhooks.load();
    const { deliveries } = await deliveriesOf(t, ({ emulator, source }) => {
      emulator.world.edit(emulator.world.issues(source.key)[0]?.nativeId ?? "", { title: "told" });
    });
    const [delivery] = deliveries;
    assert.ok(delivery);
    assert.equal(reader.prove(delivery, secret), "proved");
    assert.equal(reader.prove(delivery, `${secret}x`), "wrong");
    const bare = { ...delivery, headers: { "content-type": "application/json" }, query: new URLSearchParams() };
    assert.equal(reader.prove(bare, secret), "unsigned");
    // If the secret itself is sent, nothing is signed.
    if (secretIn === "signature" && !Object.values(delivery.headers).includes(secret)) {
      const changed = Uint8Array.from(delivery.body);
      changed[changed.length - 2] = (changed[changed.length - 2] ?? 0) ^ 1;
      assert.equal(reader.prove({ ...delivery, body: changed }, secret), "wrong");
    }
  });

  it("tells which issue to read, with what is needed to read it", async (t) => {
    const reader = await definition.webhooks.load();
    const ids: string[] = [];
    const { deliveries, connection, source, emulator } = await deliveriesOf(t, ({ emulator: { world }, source }) => {
      ids.push(world.create(source.key, { title: "made" }).nativeId);
      const [first] = world.issues(source.key);
      ids.push(world.edit(first?.nativeId ?? "", { title: "told" }).nativeId);
    });
    const told = deliveries.flatMap((delivery) => reader.read(delivery).hints);
    assert.deepEqual(new Set(told.map(({ issue }) => issue?.nativeId)), new Set(ids));
    for (const { issue, sourceId, comments } of told) {
      assert.ok(issue);
      assert.equal(comments, false);
      if (sourceId !== null) assert.equal(sourceId, emulator.sources[0]?.id);
      assert.ok(ids.includes((await readIssue(connection, source, issue)).nativeId));
    }
  });

  it("reports comments and removed issues", async (t) => {
    const reader = await definition.webhooks.load();
    const ids: string[] = [];
    const { deliveries } = await deliveriesOf(t, ({ emulator: { world }, source }) => {
      const [one, other] = world.issues(source.key);
      ids.push(one?.nativeId ?? "", other?.nativeId ?? "");
      world.comment(ids[0] ?? "", "A comment");
      world.delete(ids[1] ?? "");
    });
    const told = deliveries.flatMap((delivery) => reader.read(delivery).hints);
    if (definition.capabilities.comments)
      assert.ok(told.some((hint) => hint.issue?.nativeId === ids[0] && hint.comments));
    const left = told.filter((hint) => hint.issue?.nativeId === ids[1]);
    assert.ok(subject.tellsNoDeletion === true ? left.length === 0 : left.some((hint) => hint.gone === true));
  });

  it("gives retries of a delivery the same id", async (t) => {
    const reader = await definition.webhooks.load();
    const { deliveries, emulator } = await deliveriesOf(t, ({ emulator: { webhooks, world }, source }) => {
      webhooks.hold();
      for (const issue of world.issues(source.key).slice(0, 2)) world.edit(issue.nativeId, { title: "told" });
      void webhooks.release({ times: 2, order: "reversed" });
    });
    assert.equal(deliveries.length, 4);
    assert.equal(emulator.webhooks.deliveries().filter(({ attempts }) => attempts === 2).length, 2);
    const ids = deliveries.map((delivery) => reader.read(delivery).id);
    if (ids[0] === null) assert.ok(secretIn === "address");
    else assert.equal(new Set(ids).size, 2);
  });

  it("tests its own route with a delivery that concerns nothing", async () => {
    const reader = await definition.webhooks.load();
    const now = Date.now();
    const { headers, body } = reader.ping(secret, now);
    const query = new URLSearchParams(secretIn === "address" ? { secret } : {});
    const delivery = { headers, query, body: Buffer.from(body), receivedAt: now };
    assert.equal(reader.prove(delivery, secret), "proved");
    assert.equal(reader.prove(delivery, "another secret of somebody"), "wrong");
    assert.deepEqual(reader.read(delivery).hints, []);
  });

  it("survives any delivery", async (t) => {
    const reader = await definition.webhooks.load();
    const { deliveries: real } = await deliveriesOf(t, ({ emulator: { world }, source }) => {
      const [one, other] = world.issues(source.key);
      world.edit(one?.nativeId ?? "", { title: "told" });
      world.comment(one?.nativeId ?? "", "A comment");
      world.delete(other?.nativeId ?? "");
    });
    const bodies = real.map(({ body }) => JSON.parse(Buffer.from(body).toString()) as unknown);
    const names = [...real, reader.ping(secret, 0)].flatMap(({ headers }) => Object.keys(headers));
    const json = fc.json().map((text) => Buffer.from(text));
    const likely = fc
      .tuple(fc.constantFrom(...bodies), fc.array(mutation, { minLength: 1, maxLength: 4 }))
      .map(([body, mutations]) => Buffer.from(JSON.stringify(mutateJson(body, mutations)) ?? ""));
    const deliveries = fc.record({
      headers: fc.oneof(
        fc.constantFrom(...real.map(({ headers }) => headers)),
        fc.dictionary(fc.constantFrom(...names), fc.string()),
      ),
      query: fc.constant(new URLSearchParams()),
      body: fc.oneof(fc.uint8Array({ maxLength: 200 }), json, likely),
      receivedAt: fc.constant(0),
    });
    // A failing run prints its seed.
    fc.assert(
      fc.property(deliveries, fc.string({ minLength: 1 }), (delivery, key) => {
        reader.prove(delivery, key);
        try {
          reader.read(delivery);
        } catch (error) {
          assert.ok(isPanopticonError(error) && error.code === "invalid_input", String(error));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("tells how to enter a webhook by hand, with URL and secret", async () => {
    const reader = await definition.webhooks.load();
    const address = addressOf("https://hooks.example.com");
    const steps = reader.steps({ address, secret, settings: {}, sources: ["one", "two"] }).join("\n");
    assert.ok(steps.includes(address));
    assert.ok(secretIn === "address" || steps.includes(secret) || /--secret/.test(steps));
  });

  if (!byToken) return;

  it("creates, updates, tests and removes webhooks with the credentials' permissions", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 4 });
    const { webhooks } = connection;
    assert.ok(webhooks);
    const server = await startLocalServer((_request, response) => {
      response.writeHead(202).end();
    });
    t.after(() => server.close());
    assert.deepEqual(await webhooks.list(source), []);
    const url = addressOf(server.url);
    await webhooks.create(source, { url, secret });
    const [made] = await webhooks.list(source);
    assert.ok(made?.active);
    assert.equal(made.url, url);
    assert.equal(emulator.webhooks.list()[0]?.sourceId, emulator.sources[0]?.id);

    const other = `${secret}-2`;
    await webhooks.update(source, made.id, { url: url.replace(secret, other), secret: other });
    const [issue] = emulator.world.issues(source.key);
    emulator.world.edit(issue?.nativeId ?? "", { title: "told" });
    await emulator.webhooks.settle();
    const last = server.seen.at(-1);
    assert.ok(last);
    assert.equal((await definition.webhooks.load()).prove(toDelivery(last), other), "proved");

    await webhooks.remove(source, made.id);
    await webhooks.remove(source, made.id);
    assert.deepEqual(await webhooks.list(source), []);
  });

  it("reports the missing permission", async (t) => {
    const { open, emulator, source } = await setStage(t, subject, { issues: 4 });
    const { webhooks } = open({ credentials: emulator.weakCredentials.values }).connection;
    assert.ok(webhooks);
    await assert.rejects(
      webhooks.create(source, { url: "https://hooks.example.com/webhooks/x", secret }),
      hasCode("forbidden", (error) => (error.hint ?? "").length > 20),
    );
    assert.deepEqual(emulator.webhooks.list(), []);
  });
}

function toDelivery({ headers, url, body }: Seen): Delivery {
  return {
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    query: new URL(url, "http://localhost").searchParams,
    body: Buffer.from(body),
    receivedAt: Date.now(),
  };
}
