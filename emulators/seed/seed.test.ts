import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { WorldIssue } from "../emulator.ts";
import { emulatedTrackers, startEmulator } from "../start.ts";
import { sourcesOf } from "./catalogue.ts";
import { everyIssueWord, rareWords } from "./company.ts";

const now = Date.parse("2026-11-22T10:00:00Z");

async function seedOf(
  tracker: string,
  options: { issues: number; seed: number; closed?: number; sources?: number },
): Promise<readonly WorldIssue[]> {
  const emulator = await startEmulator(tracker, { ...options, now: () => now });
  try {
    // Picture URLs contain this server's origin, whose port differs each time.
    const { origin } = new URL(emulator.url);
    return emulator.world.issues().map((issue) => ({ ...issue, body: issue.body.replaceAll(origin, "") }));
  } finally {
    await emulator.close();
  }
}

for (const tracker of emulatedTrackers) {
  describe(`the seed of the ${tracker} emulator`, () => {
    test("the same seed gives the same issues, another seed others", async () => {
      const first = await seedOf(tracker, { issues: 300, seed: 7 });
      assert.deepEqual(await seedOf(tracker, { issues: 300, seed: 7 }), first);
      const other = await seedOf(tracker, { issues: 300, seed: 8 });
      assert.notDeepEqual(
        other.map(({ title }) => title),
        first.map(({ title }) => title),
      );
    });

    test("counts: issues, closed ones, sources", async () => {
      for (const issues of [1, 10, 333]) {
        assert.equal((await seedOf(tracker, { issues, seed: 1, sources: 1 })).length, issues);
      }
      const open = await seedOf(tracker, { issues: 200, seed: 1, closed: 0 });
      assert.equal(open.filter(({ closed }) => closed).length, 0);
      const quarter = await seedOf(tracker, { issues: 200, seed: 1, closed: 0.25 });
      assert.equal(quarter.filter(({ closed }) => closed).length, 50);
      const spread = await seedOf(tracker, { issues: 202, seed: 1, sources: 4 });
      const sizes = Object.values(Object.groupBy(spread, ({ sourceKey }) => sourceKey)).map((own) => own?.length);
      assert.deepEqual(
        sizes.toSorted((a, b) => (a ?? 0) - (b ?? 0)),
        [50, 50, 51, 51],
      );
    });

    test("times: ordered, in the past, mostly distinct seconds, denser recently, some shared", async () => {
      const issues = await seedOf(tracker, { issues: 4_000, seed: 3 });
      for (const { createdAt, updatedAt } of issues) assert.ok(createdAt <= updatedAt && updatedAt < now);
      const bySecond = Object.groupBy(issues, ({ updatedAt }) => String(Math.floor(updatedAt / 1_000)));
      const sizes = Object.values(bySecond).map((own) => own?.length ?? 0);
      assert.ok(sizes.filter((size) => size === 1).length > 0.85 * issues.length, "distinct seconds");
      assert.ok(
        sizes.some((size) => size > 100),
        "a cluster larger than a page",
      );
      assert.ok(
        sizes.some((size) => size >= 3 && size <= 12),
        "small clusters",
      );
      const within = (days: number) => issues.filter(({ updatedAt }) => updatedAt > now - days * 86_400_000).length;
      assert.ok(within(30) > 2 * (within(120) - within(90)), "recent changes are denser");
    });

    test("search words: one in every body, rare ones in few", async () => {
      const issues = await seedOf(tracker, { issues: 20_000, seed: 3 });
      assert.ok(issues.every(({ body }) => body.includes(everyIssueWord)));
      for (const { word, oneIn } of rareWords) {
        const count = issues.filter(({ body }) => body.includes(word)).length;
        assert.ok(count > 0 && count < (4 * issues.length) / oneIn, `${word}: ${count}`);
        assert.equal(issues.filter(({ title }) => title.includes(word)).length, 0);
      }
    });

    test("200 issues have distinct titles and many kinds of bodies", async () => {
      const issues = await seedOf(tracker, { issues: 200, seed: 7 });
      assert.equal(new Set(issues.map(({ title }) => title)).size, issues.length);
      const bodies = issues.map(({ body }) => body).join("\n");
      for (const part of ["```", "- [ ]", "- [x]", "| ---", "https://", "Related issues: "]) {
        assert.ok(bodies.includes(part), `no body with ${part}`);
      }
      assert.ok(
        issues.some(({ assignees }) => assignees.length === 0),
        "some issues are assigned to nobody",
      );
      const labels = new Set(issues.flatMap((issue) => issue.labels));
      assert.ok(labels.size >= 10, `the seed uses at least ten labels, not only ${[...labels].join(", ")}`);
    });

    test("issues refer to issues of other trackers", async () => {
      const issues = await seedOf(tracker, { issues: 200, seed: 7 });
      for (const other of emulatedTrackers.filter((one) => one !== tracker)) {
        const [first, second] = sourcesOf(other, 2).map(({ refer }) => refer(0).replace(/\d+$/, ""));
        const foreign = new RegExp(`Related issues: .*\\b(${first}|${second})\\d+`);
        assert.ok(
          issues.some(({ body }) => foreign.test(body)),
          `none to ${other}`,
        );
      }
    });
  });
}
