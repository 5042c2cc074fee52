import type { OperationShape } from "../../../src/server/contract/change.ts";
import { valueWords } from "../outbox/operation-words.ts";
import { Icon } from "../ui/icon.tsx";

/** By field, the user's values that are in conflict: the tracker has another value, which is shown. */
export type KeptValues = ReadonlyMap<string, string>;

/** The user's values in an issue's conflicts. */
export function keptValues(operations: readonly OperationShape[]): KeptValues {
  return new Map(
    operations
      .filter(({ state }) => state === "conflict")
      .flatMap(({ fields }) => fields.filter(({ conflict }) => conflict === true))
      .map(({ name, to }) => [name, valueWords(to)]),
  );
}

/** Shows the user's value next to the tracker's. Renders nothing if there is none. */
export function KeptValue({ words }: { readonly words: string | undefined }) {
  if (words === undefined) return null;
  return (
    <span className="kept-value" title={words}>
      <Icon name="alert" size={12} />
      <span className="truncate">
        Yours, not sent: <bdi>{words}</bdi>
      </span>
    </span>
  );
}
