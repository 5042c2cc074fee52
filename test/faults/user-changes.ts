import assert from "node:assert/strict";
import type { WorldIssue } from "../../emulators/emulator.ts";
import type { OperationShape, OutboxShape } from "../../src/server/contract/change.ts";
import type { IssueListShape } from "../../src/server/contract/issue.ts";
import { assertPlain, assertSays } from "./plain-words.ts";
import type { FaultStage } from "./fault-stage.ts";

/** A user's change during a fault, and the server's response. */
export type UserChange = {
  readonly kind: "rename" | "comment" | "create";
  readonly word: string;
  readonly acknowledged: boolean;
};

/** Renames an issue, comments on another and creates a third, all in the faulty tracker. Each is acknowledged without it. */
export async function makeChanges(stage: FaultStage): Promise<readonly UserChange[]> {
  const { emulator, word } = stage;
  const [source] = emulator.sources;
  const { issues } = await stage.get<IssueListShape>(`/api/issues?tracker=${emulator.tracker}&limit=500`);
  const choices = issues.filter(({ ref }) => !ref.startsWith("new-"));
  const pick = () => choices.splice(stage.dice(choices.length), 1)[0];
  const [renamed, commented] = [pick(), pick()];
  assert.ok(renamed && commented && source);
  const made: UserChange[] = [];
  const send = async (kind: UserChange["kind"], path: string, method: string, body: object, text: string) => {
    const { status, body: answer } = await stage.ask(method, path, body);
    const acknowledged = status === 200 || status === 201;
    if (!acknowledged) assertPlain(JSON.stringify(answer));
    made.push({ kind, word: text, acknowledged });
  };
  const title = word();
  givenTitles.add(title);
  await send("rename", pathOf(renamed), "PATCH", { title }, title);
  const comment = word();
  await send("comment", `${pathOf(commented)}/comments`, "POST", { body: comment }, comment);
  const text = word();
  givenTitles.add(text);
  await send("create", "/api/issues", "POST", { source: source.key, title: text, body: text }, text);
  return made;
}

const pathOf = ({ address }: { address: string }) => `/api/issues/${encodeURIComponent(address)}`;

/** The user's titles, by which created and renamed issues are found. */
const givenTitles = new Set<string>();

/** The id of an issue that others may change; issues with a user's title are left alone. */
export function pickForOthers(world: FaultStage["emulator"]["world"], { dice }: FaultStage): string {
  const issues = world.issues().filter(({ title }) => !givenTitles.has(title));
  const issue = issues[dice(issues.length)];
  if (issue === undefined) throw new Error("every issue has been changed");
  return issue.nativeId;
}

export async function openOperations(stage: FaultStage): Promise<readonly OperationShape[]> {
  return (await stage.get<OutboxShape>("/api/outbox?limit=1000")).operations;
}

/** Once everything is quiet: each acknowledged change is in the tracker once, or reported to the user with a reason; a change not acknowledged is not there. */
export async function assertApplied(stage: FaultStage, changes: readonly UserChange[]): Promise<void> {
  const left = await openOperations(stage);
  const { world } = stage.emulator;
  const issues = world.issues();
  const comments = issues.flatMap(({ nativeId }) => world.comments?.(nativeId) ?? []);
  for (const change of changes) {
    const reported = left.find((operation) => JSON.stringify(operation).includes(change.word));
    if (reported !== undefined) {
      assert.ok(["refused", "conflict"].includes(reported.state), `${change.kind} is ${reported.state}`);
      // A conflict shows both values instead.
      if (reported.state === "refused") assertSays({ message: reported.reason ?? "", hint: reported.hint }, /./);
    }
    const times = countOf(change, issues, comments);
    const wanted = change.acknowledged && reported === undefined ? 1 : 0;
    assert.equal(
      times,
      wanted,
      `the ${change.kind} ${change.word}: ${JSON.stringify(change)} ${JSON.stringify(reported)}`,
    );
  }
}

function countOf(
  { kind, word }: UserChange,
  issues: readonly WorldIssue[],
  comments: readonly { body: string }[],
): number {
  if (kind === "comment") return comments.filter(({ body }) => body.includes(word)).length;
  return issues.filter(({ title }) => title === word).length;
}
