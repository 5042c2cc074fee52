import assert from "node:assert/strict";
import type { IssueDetailShape } from "../../../src/server/contract/issue.ts";
import type { Operation } from "../../../src/store/outbox/outbox.ts";
import { readAllCards } from "../compare.ts";
import { checkReadsAgree, search } from "./check-reads.ts";
import {
  asMentioned,
  expectedComment,
  fields,
  isOnRelation,
  isOpen,
  ofIssue,
  pageOf,
  parentOf,
  type ShownModel,
  storeOf,
  touches,
  valuesOf,
  valueThere,
  waitingOf,
} from "./model.ts";

/** Compares all reads with each other and with the model. `what`: the last act, for a failure. */
export async function checkShown(model: ShownModel, what: string): Promise<void> {
  const operations = await waitingOf(model);
  const pages = await checkReadsAgree(model.stage);
  const found = new Map(model.tokens.map((one) => [one, new Set<string>()]));
  const note = (text: string | null, ref: string) => {
    for (const [one, set] of found) if (text !== null && text.includes(one)) set.add(ref);
  };
  for (const issue of model.refs.keys()) {
    const shown = await pageOf(model, issue);
    const own = ofIssue(model, operations, issue);
    checkFields(model, issue, shown, own, what);
    note(shown.title, shown.ref);
    note(shown.body, shown.ref);
    const mine: string[] = [];
    for (const comment of model.comments.filter((one) => one.issue === issue)) {
      const text = await expectedComment(model, comment, own);
      note(text, shown.ref);
      if (text !== null) mine.push(text);
    }
    assert.deepEqual(
      shown.comments.flatMap(({ body }) => (body.startsWith("Own ") ? [body] : [])).toSorted(),
      mine.toSorted(),
      `comments of ${shown.ref} after ${what}`,
    );
  }
  for (const [one, set] of found) {
    assert.deepEqual(new Set(await search(model.stage, one)), set, `the search for ${one} after ${what}`);
  }
  const [first, second] = [await pageOf(model, 0), await pageOf(model, 1)];
  checkRelation(model, [first, second], operations.filter(isOnRelation), what);
  checkMentions(first, second, what);
  assert.equal(pages.length, (await readAllCards(storeOf(model))).length);
}

function checkFields(
  model: ShownModel,
  issue: number,
  shown: IssueDetailShape,
  own: readonly Operation[],
  what: string,
): void {
  for (const field of fields) {
    const changing = own.filter((operation) => touches(operation, field));
    const isBack = changing.length > 0 && !changing.some(isOpen);
    const value = isBack ? valueThere(model, shown, issue, field) : model.wanted[issue]?.[field];
    if (value !== undefined) {
      assert.equal(valuesOf(model, shown)[field], value, `${field} of ${shown.ref} after ${what}`);
    }
  }
  const has = (state: Operation["state"]) => own.some((one) => one.state === state);
  const state = has("refused") ? "failed" : has("conflict") ? "conflict" : own.length > 0 ? "pending" : "synced";
  assert.equal(shown.sync.state, state, `the state of ${shown.ref} after ${what}`);
}

function checkRelation(
  { relation, related }: ShownModel,
  [first, second]: readonly [IssueDetailShape, IssueDetailShape],
  links: readonly Operation[],
  what: string,
): void {
  const isRelated = links.length > 0 && !links.some(isOpen) ? related.written : related.wanted;
  const isShown = first.relations.some(
    ({ type, ref, origin }) => type === relation && ref === second.ref && origin === "tracker",
  );
  assert.equal(isShown, isRelated, `the relation after ${what}`);
}

function checkMentions(first: IssueDetailShape, second: IssueDetailShape, what: string): void {
  const mentions = (one: IssueDetailShape, other: IssueDetailShape) =>
    [one.body, ...one.comments.map(({ body }) => body)].some((text) =>
      ` ${text} `.includes(` ${asMentioned(other.ref)} `),
    );
  const others = second.relations.filter(({ ref }) => ref === first.ref);
  const texts = others.filter(({ origin }) => origin === "text");
  const isParent = parentOf(first) === second.ref || parentOf(second) === first.ref;
  if (!isParent && (mentions(first, second) || mentions(second, first))) {
    assert.ok(others.length > 0, `${second.ref} names the issue whose text mentions it, after ${what}`);
  } else assert.deepEqual(texts, [], `no text mentions another issue, or only its parent, after ${what}`);
}
