import assert from "node:assert/strict";
import type { Emulator } from "../../../emulators/emulator.ts";
import type { Store } from "../../../src/store/store.ts";

/** What the simulated user was told is kept. */
export type Acknowledged = {
  /** Operations. */
  readonly acknowledged: Iterable<number>;
  readonly made: readonly { readonly operation: number; readonly kind: "create" | "comment"; readonly token: string }[];
  /** Texts in the order in which the user wrote them. */
  readonly texts: readonly { readonly operation: number; readonly field: "title" | "body"; readonly token: string }[];
  /** Operations of which the user kept what the tracker had. */
  readonly left: ReadonlySet<number>;
};

/** I2: each operation has its end, what was made was made once, and the last text of every field was sent. Throws the assertion that fails. */
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
    // No emulator here keeps an answer longer than a request lives: there is no excuse for a twin.
    if (state === "written") assert.ok(found <= 1 && twins.length === 0, `${text} was made ${found} times`);
    else assert.equal(found, 0, `${text} is ${state} and was made all the same`);
  }
}

/** The last text that the user wrote into a field has been sent, unless it was given up: one that was folded into another goes with that. */
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
