import type { DispatchRules } from "../../domain/work-settings.ts";
import { beginTurn, turnReadMs, type TurnParts } from "./begin-turn.ts";
import { carryOut } from "./carry-out.ts";
import { type ClaimView, decideClaim, holdsSlot } from "./decide-claim.ts";
import type { Slots } from "./slots.ts";

/** How often a claimed issue is read again from its tracker. */
const rereadMs = 60_000;

/** Takes care of the issues that dispatch has claimed. */
export type ClaimCare = {
  /** Carries out the decision about one claim, except its next turn; returns the resulting claim, null if it was released. */
  care(view: ClaimView, rules: DispatchRules): Promise<ClaimView | null>;
  /** Starts the next turn of a claimed issue if it is due and there is a slot. */
  goOn(view: ClaimView, rules: DispatchRules, slots: Slots): Promise<void>;
  /** Releases all claims when the rules were removed: agents continue, as if a person had started them. */
  releaseAll(): Promise<void>;
};

export function createClaimCare(turn: TurnParts): ClaimCare {
  const { parts, freshly, problems } = turn;
  const { records, clock } = parts;

  function forget(issueId: number): void {
    freshly.forget(issueId);
    problems.delete(issueId);
  }

  /** Reads the issue from the mirror again. */
  async function renewed(view: ClaimView): Promise<ClaimView> {
    const found = await parts.issue(view.claim.issueId);
    return { ...view, issue: found?.issue ?? null, setByHandAt: found?.setByHandAt ?? null };
  }

  return {
    async care(view, rules) {
      const decide = (current: ClaimView) => carryOut(parts, decideClaim(current, rules, clock.now()), current, forget);
      // An issue that is no longer on the board cannot be read.
      if (view.claim.ended !== null || view.issue === null) return decide(view);
      const current = (await freshly.read(view.claim.issueId, rereadMs)) ? await renewed(view) : view;
      // An unreadable issue is left alone until it can be read.
      return freshly.whyNot(view.claim.issueId) === null ? decide(current) : current;
    },
    async goOn(view, rules, slots) {
      const isDue = (one: ClaimView) =>
        one.issue !== null &&
        (holdsSlot(one) || slots.full(one.issue.status) === null) &&
        decideClaim(one, rules, clock.now()).do === "begin";
      if (!isDue(view)) return;
      await freshly.read(view.claim.issueId, turnReadMs);
      if (freshly.whyNot(view.claim.issueId) !== null) return;
      const current = await renewed(view);
      const step = decideClaim(current, rules, clock.now());
      if (step.do !== "begin" || current.issue === null || !isDue(current)) return;
      if (!holdsSlot(current)) slots.take(current.issue.status);
      await beginTurn(turn, current, step.resume, rules);
    },
    async releaseAll() {
      for (const { issueId } of await records.claims.list()) {
        await records.claims.release(issueId);
        forget(issueId);
      }
    },
  };
}
