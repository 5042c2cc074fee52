import type { ChangeCall } from "../../api/change-calls.ts";
import { keptNames, readKept, writeKept } from "../../ui/kept-text.ts";

const prefix = "panopticon.unsent.";

/** What the issue had in a field before a change, and what it has after it. */
type ExpectedField = { readonly field: string; readonly before: unknown; readonly after: unknown };

/** A text that the user typed, by the draft of its field. */
export type TypedText = {
  readonly draft: string;
  readonly text: string;
  /** Whether a newer draft follows it; otherwise the newer one stays alone. */
  readonly joins: boolean;
};

/** A call of a change, and what another page must know to make it. */
export type UnsentCall = ChangeCall & {
  /** What to put back into its field if it cannot be sent. */
  readonly texts?: readonly TypedText[];
  /** Not sent if the issue has another value in one of the fields by now. */
  readonly expects?: { readonly address: string; readonly fields: readonly ExpectedField[] };
};

/** A change that waits for the server. */
export type UnsentChange = {
  readonly step: string;
  /** `MIN-123 moved to In Review` */
  readonly what: string;
  /** When it was made, in milliseconds since the epoch. */
  readonly at: number;
  /** Its place among the changes of its page. */
  readonly place: number;
  /** Whether the calls undo the step. */
  readonly isUndo: boolean;
  readonly calls: readonly UnsentCall[];
};

/** The changes of one page that wait for the server. If the browser forbids storage, or it is full, they last as long as the page. */
export type UnsentStore = {
  /** Replaces what is kept of the same step. */
  readonly keep: (change: UnsentChange) => void;
  readonly forget: (step: string) => void;
};

/** `page` is a name that no other page has, also after a reload; without dots, like the steps' names. */
export function createUnsentStore(page: string): UnsentStore {
  return {
    keep: (change) => writeKept(nameOf(page, change.step), JSON.stringify(change)),
    forget: (step) => forgetUnsent(page, step),
  };
}

/** The pages that have left changes, open or not. */
export function unsentPages(): ReadonlySet<string> {
  return new Set(keptNames(prefix).flatMap((name) => pageOf(name) ?? []));
}

/** The page in a storage event's key; null: the key is about something else. */
export function pageOf(name: string | null): string | null {
  return name?.startsWith(prefix) === true ? (name.slice(prefix.length).split(".", 1)[0] ?? null) : null;
}

/** A page's changes in the order in which they were made. */
export function readUnsent(page: string): readonly UnsentChange[] {
  return keptNames(nameOf(page, ""))
    .flatMap((name) => parseUnsent(readKept(name)) ?? [])
    .toSorted((one, other) => one.place - other.place);
}

export function forgetUnsent(page: string, step: string): void {
  writeKept(nameOf(page, step), null);
}

function nameOf(page: string, step: string): string {
  return `${prefix}${page}.${step}`;
}

function parseUnsent(text: string | null): UnsentChange | null {
  try {
    const kept: unknown = JSON.parse(text ?? "null");
    return typeof kept === "object" && kept !== null && "step" in kept && "calls" in kept
      ? (kept as UnsentChange)
      : null;
  } catch {
    // Another version of the dashboard may write it differently.
    return null;
  }
}
