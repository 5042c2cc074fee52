import { foldName } from "../../domain/fold-name.ts";
import { readOwnFields } from "../words/own-fields.ts";
import type { OwnFields } from "../changes.ts";
import type { Parts } from "../parts.ts";
import { openSource } from "../source-context.ts";
import { unknownWord } from "../words/unknown-word.ts";

/** Queues an operation again; answers to its choices are parsed by their listed names. */
export async function retryOperation(
  parts: Parts,
  id: number,
  more: { readonly transition?: string | undefined; readonly fields?: OwnFields | undefined },
): Promise<void> {
  const { store, sync } = parts;
  const { sourceId, reason } = await store.outbox.get(id);
  const choices = reason?.choices ?? [];
  const { transition: written } = more;
  const choice = choices.find(
    (one) => written === undefined || one.id === written || foldName(one.name) === foldName(written),
  );
  if (written !== undefined && choices.length > 0 && choice === undefined) {
    throw unknownWord(
      "transition",
      written,
      choices.map(({ name }) => name),
      "the ways of this move",
    );
  }
  const source = await openSource(sourceId, parts);
  const fields = await readOwnFields(more.fields, choice?.fields ?? null, source);
  const transition = written === undefined ? undefined : (choice?.id ?? written);
  sync.changed(
    await store.outbox.retry(id, {
      ...(transition !== undefined && { transition }),
      ...(fields.size > 0 && { fields: Object.fromEntries(fields) }),
    }),
  );
}
