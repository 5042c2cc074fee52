import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { addSources, onEachDatabase } from "../../../test/support/each-database.ts";
import { by } from "../../../test/support/outbox-stage.ts";
import { makeAgent, makeIssue, makePage, makeSource, makeWorkspace } from "../../../test/support/store-fixtures.ts";
import { agentStates } from "../../domain/agent.ts";
import { type AgentWord, agentWords, type IssueFilter } from "../../domain/filter.ts";
import type { Store } from "../store.ts";
import type { IssueCard } from "./issue-card.ts";

// Filters on what a card says of other things: they must agree with the cards, whatever these were made of.

const count = 12;
const number = fc.integer({ min: 1, max: count });
const pairs = fc.uniqueArray(fc.tuple(number, number), {
  maxLength: 6,
  selector: ([one, other]) => `${one} ${other}`,
});
const someIssues = fc.record({
  finished: fc.subarray(Array.from({ length: count }, (_, index) => index + 1)),
  /** The first is blocked by the second: as the tracker says, as a link here, and as a change that is not sent yet. */
  stored: pairs,
  linked: pairs,
  waiting: fc.array(fc.tuple(number, number, fc.constantFrom("blocks", "blocked_by"), fc.boolean()), { maxLength: 4 }),
  agents: fc.uniqueArray(fc.tuple(number, fc.constantFrom(...agentStates, "none")), {
    maxLength: 6,
    selector: ([one]) => one,
  }),
});

async function read(store: Store, filter: IssueFilter): Promise<readonly IssueCard[]> {
  const sort = { key: "created", reverse: true } as const;
  return (await store.board.issues({ filter, sort, limit: 100, cursor: null, me: {} })).issues;
}

const refsOf = (cards: readonly IssueCard[]): string[] => cards.map(({ ref }) => ref).toSorted();

describe("filters on blockers and agents", () => {
  onEachDatabase(({ open }) => {
    it("select the issues whose cards say so", async () => {
      let blocked = 0;
      await fc.assert(
        fc.asyncProperty(someIssues, async ({ finished, stored, linked, waiting, agents }) => {
          const store = await open();
          // The last two belong to a source that is hidden: they block nothing.
          const [shop = 0, hidden = 0] = await addSources(store, makeSource("acme/shop"), makeSource("acme/old"));
          const issues = Array.from({ length: count }, (_, index) =>
            makeIssue(index + 1, {
              stateId: finished.includes(index + 1) ? "closed" : "open",
              relations: stored
                .filter(([one]) => one === index + 1)
                .map(([, other]) => ({ id: `r${other}`, type: "blocked_by", targetId: `n${other}` })),
            }),
          );
          await store.mirror.applyPage(shop, makePage(issues.slice(0, -2)));
          await store.mirror.applyPage(hidden, makePage(issues.slice(-2)));
          const cards = new Map((await read(store, {})).map((card) => [card.nativeId, card]));
          const id = (one: number) => cards.get(`n${one}`)?.id ?? 0;
          for (const [one, other] of linked) {
            if (one !== other) await store.links.add(id(one), "blocked_by", id(other), by).catch(refused);
          }
          for (const [one, other, type, adds] of waiting) {
            const target = { nativeId: `n${other}`, key: `#${other}`, sourceKey: "acme/shop" };
            const kind = adds ? "relate" : "unrelate";
            if (one !== other) await store.outbox.relate(id(one), { kind, relation: { type, target, id: null } }, by);
          }
          for (const [one, state] of agents) {
            const workspace = await store.work.workspaces.add(makeWorkspace(id(one)));
            if (state === "none") continue;
            const { agent } = await store.work.agents.add(makeAgent(id(one), workspace.id));
            await store.work.agents.update(agent.id, { state });
          }
          await store.sources.reconcile([makeSource("acme/shop")]);

          const all = await read(store, {});
          const isBlocked = ({ blockedBy }: IssueCard) => blockedBy.length > 0;
          blocked += all.filter(isBlocked).length;
          assert.deepEqual(refsOf(await read(store, { blocked: ["yes"] })), refsOf(all.filter(isBlocked)));
          assert.deepEqual(
            refsOf(await read(store, { blocked: ["no"] })),
            refsOf(all.filter((card) => !isBlocked(card))),
          );
          assert.equal((await read(store, { blocked: ["yes", "no"] })).length, all.length);
          const choices: readonly (readonly AgentWord[])[] = [
            ...agentWords.map((word) => [word]),
            ["waiting", "none"],
            ["running", "failed"],
          ];
          for (const words of choices) {
            const wanted = all.filter(({ agent }) =>
              words.some((word) => (agent === null ? word === "none" : word === "any" || word === agent.state)),
            );
            assert.deepEqual(refsOf(await read(store, { agent: words })), refsOf(wanted), words.join());
          }
        }),
        { numRuns: 15 },
      );
      assert.ok(blocked > 0, "some were blocked");
    });
  });
});

/** Some links are refused: those that are there already, or that the tracker keeps itself. */
function refused(error: unknown): void {
  assert.ok(error instanceof Error && "code" in error, String(error));
}
