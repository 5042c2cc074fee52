import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import { emulatedTrackers, startEmulator } from "../../emulators/start.ts";
import { systemClock } from "../../src/domain/clock.ts";
import { isPanopticonError } from "../../src/domain/error.ts";
import { createHttpClient } from "../../src/trackers/http/create-http-client.ts";
import { findTracker } from "../../src/trackers/registry.ts";
import type { TrackerConnection } from "../../src/trackers/tracker.ts";
import { findUnforeseen, fuzzing } from "../support/fuzz.ts";
import { startMutatingProxy } from "../support/mutating-proxy.ts";
import { mutateJson, mutation } from "../support/mutate-json.ts";
import { openTestStore } from "../support/open-test-store.ts";

// Mutates each emulator's responses in transit: fields missing, renamed, of another type, huge, deep, in unusual characters. Whatever is accepted goes into a
// real mirror.

const patienceMs = 20_000;

for (const tracker of emulatedTrackers) {
  describe(tracker, () => {
    test("malformed responses are set aside or rejected in plain words", { timeout: 60_000 }, async (t) => {
      const definition = findTracker(tracker) ?? assert.fail(tracker);
      const emulator = await startEmulator(tracker, { issues: 12, seed: 9, sources: 1, budget: 1_000_000 });
      const { origin } = new URL(emulator.url);
      const proxy = await startMutatingProxy(origin);
      const folder = mkdtempSync(join(tmpdir(), "pan-answers-"));
      const store = await openTestStore(join(folder, "mirror.db"));
      t.after(async () => {
        await proxy.close();
        await emulator.close();
        await store.close();
        rmSync(folder, { recursive: true, force: true });
      });
      const values = Object.fromEntries(
        definition.credentialFields.flatMap(({ name, env, defaultValue }) => {
          const value = env.map((key) => emulator.credentials[key]).find((one) => one !== undefined) ?? defaultValue;
          return value === undefined ? [] : [[name, value.replace(origin, proxy.origin)]];
        }),
      );
      const connect = (): TrackerConnection =>
        definition.connect(
          createHttpClient({
            policy: definition.http,
            values,
            clock: systemClock,
            userAgent: "Panopticon/test",
            attempts: 1,
            deadlineMs: 5000,
          }).client,
        );
      const [found] = emulator.sources;
      const [issue] = emulator.world.issues();
      assert.ok(found && issue);
      emulator.world.comment(issue.nativeId, "said");
      const source = { key: found.key, historyMs: null, nativeId: null };
      const row = {
        id: `${tracker}:${found.key}`,
        tracker,
        connection: tracker,
        project: "one",
        projectName: "One",
        key: found.key,
        refPrefix: "one",
        historyMs: null,
        stateOverrides: {},
        shadow: false,
      };
      await store.sources.reconcile([row]);
      const [stored] = await store.sources.list();
      assert.ok(stored);
      const { info, vocabulary, mapping } = await connect().describe(source, {});
      await store.sources.saveSchema(stored.id, { info, vocabulary, mapping, at: 1 });

      const signal = () => AbortSignal.timeout(patienceMs);
      const asked: Readonly<Record<string, (connection: TrackerConnection) => Promise<unknown>>> = {
        verify: (connection) => connection.verify(signal()),
        async sources(connection) {
          let count = 0;
          for await (const _ of connection.sources(signal())) if (++count > 50) break;
        },
        async describe(connection) {
          const schema = await connection.describe(source, {}, signal());
          await store.sources.saveSchema(stored.id, { ...schema, at: 1 });
        },
        async pull(connection) {
          let pages = 0;
          for await (const page of connection.pull(source, { cursor: null, resume: null, signal: signal() })) {
            await store.mirror.applyPage(stored.id, { ...page, sync: {} });
            if (++pages > 20) break;
          }
        },
        async sweep(connection) {
          let pages = 0;
          for await (const _ of connection.sweep(source, signal())) if (++pages > 20) break;
        },
        read: (connection) => connection.read(source, issue.nativeId, issue.key, signal()),
        async comments(connection) {
          let pages = 0;
          for await (const _ of connection.comments(source, issue.nativeId, issue.key, signal()))
            if (++pages > 20) break;
        },
        countOutside: (connection) => connection.countOutside({ ...source, historyMs: 86_400_000 }, signal()),
      };
      for (const ask of Object.values(asked)) await ask(connect());
      assert.ok((await store.board.total()) > 0, "unchanged answers are read");

      let refused = 0;
      let last: Promise<unknown> = Promise.resolve();
      let tried = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...Object.keys(asked)),
          // Mutate later responses too, not only the first.
          fc.nat({ max: 3 }),
          fc.array(mutation, { minLength: 1, maxLength: 3 }),
          async (what, after, mutations) => {
            let seen = 0;
            proxy.change((body) => (seen++ < after ? body : mutateJson(body, mutations)));
            tried += 1;
            const started = performance.now();
            try {
              last = asked[what]?.(connect()) ?? Promise.resolve();
              await last;
            } catch (error) {
              refused += 1;
              assert.ok(
                isPanopticonError(error),
                `${what}: ${error instanceof Error ? (error.stack ?? "") : String(error)}`,
              );
              assert.notEqual(error.code, "internal", `${what}: ${error.stack ?? ""}`);
              assert.equal(findUnforeseen(`${error.message} ${error.hint ?? ""}`), null, error.message);
            } finally {
              proxy.change(null);
            }
            assert.ok(performance.now() - started < patienceMs, `${what} took too long`);
            assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
          },
        ),
        fuzzing(t, { runs: 400, seconds: 3 }),
      );
      t.diagnostic(`${tried} answers changed, ${refused} refused`);
      // Afterwards everything is read as before; first let a timed-out run end.
      await Promise.allSettled([last]);
      proxy.change(null);
      for (const [what, ask] of Object.entries(asked)) {
        // Counting searches are limited to a few per minute (GitHub), and used up by now.
        if (what !== "countOutside") await ask(connect());
      }
    });
  });
}
