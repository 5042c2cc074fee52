import assert from "node:assert/strict";
import type { Emulator } from "../../../emulators/emulator.ts";
import type { Store } from "../../../src/store/store.ts";

/** What the simulated user was told has been stored. */
export type Acknowledged = {
  /** Operations. */
  readonly acknowledged: Iterable<number>;
  readonly made: readonly { readonly operation: number; readonly kind: "create" | "comment"; readonly token: string }[];
  /** Texts in the order in which the user wrote them. */
  readonly texts: readonly { readonly operation: number; readonly field: "title" | "body"; readonly token: string }[];
  /** Operations for which the user kept the tracker's value. */
  readonly left: ReadonlySet<number>;
};

/** I2: each operation is settled, each creation happened once, and the last text of every field was sent. Throws a failed assertion. */
export async function checkAcknowledged(store: Store, emulator: Emulator, user: Acknowledged): Promise<void> {
  await checkOperations(store, emulator, user);
  await checkTexts(store, emulator, user);
}

async function checkOperations(store: Store, emulator: Emulator, { acknowledged, made }: Acknowledged): Promise<void> {
  for (const id of acknowledged) {
    const { state } = await store.outbox.get(id);
    assert.ok(["written", "merged", "dropped", "undone"].includes(state), `operation ${id} is ${state}`);
  }
  const issues = emulator.world.issues();
  const comments = issues.flatMap((issue) => emulator.world.comments?.(issue.nativeId) ?? []);
  for (const { operation, kind, token: text } of made) {
    const { state, twins } = await store.outbox.get(operation);
    const found =
      kind === "create"
        ? issues.filter(({ body, nativeBody }) => `${nativeBody ?? ""}${body}`.includes(text)).length
        : comments.filter(({ body }) => body.includes(text)).length;
    // No emulator here delays a response beyond a request's lifetime, so nothing excuses a twin.
    if (state === "written") assert.ok(found <= 1 && twins.length === 0, `${text} was made ${found} times`);
    else assert.equal(found, 0, `${text} is ${state} and was made all the same`);
  }
}

/** Checks that the last text written to a field was sent, unless it was given up; a text folded into another one counts with that. */
async function checkTexts(store: Store, emulator: Emulator, { texts, left }: Acknowledged): Promise<void> {
  const sent = emulator.requests.list().map(({ body }) => body);
  const last = new Map<string, { readonly state: string; readonly operation: number; readonly token: string }>();
  for (const { operation, field, token: text } of texts) {
    const { issueId, state } = await store.outbox.get(operation);
    last.set(`${issueId} ${field}`, { state, operation, token: text });
  }
  for (const { state, operation, token: text } of last.values()) {
    if (state === "dropped" || left.has(operation)) continue;
    assert.ok(
      sent.some((body) => body.includes(text)),
      `"${text}" of operation ${operation}, which is ${state}, was never sent`,
    );
  }
}
