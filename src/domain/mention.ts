/** What a written ref or address says of the issue it means. */
export type ParsedRef = {
  /** Empty where `nativeId` says which issue is meant. */
  readonly key: string;
  /** The tracker's immutable id, where an address names that instead of the key. */
  readonly nativeId?: string;
  /** The word before the key, where one was written. */
  readonly prefix: string | null;
  /** The source, where the text names it: `owner/repo`. */
  readonly sourceKey: string | null;
  /** The host, where the text was a URL. */
  readonly host: string | null;
};

/** One way to read a written ref: what it could mean in one tracker. */
export type RefReading = ParsedRef & { readonly tracker: string };

/** A ref or an issue's address that stands in a text. It means one issue at most, whichever reading finds it. */
export type Mention = {
  /** As it stands there. */
  readonly written: string;
  readonly readings: readonly RefReading[];
};

/** Finds what a text (Markdown) of this tracker's issue or comment mentions; each written form once. Never throws. */
export type FindRefs = (text: string, tracker: string) => readonly Mention[];
