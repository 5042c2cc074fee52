/** What a written ref or URL says about the issue it identifies. */
export type ParsedRef = {
  /** Empty if `nativeId` identifies the issue. */
  readonly key: string;
  /** The tracker's immutable id, if a URL contains that instead of the key. */
  readonly nativeId?: string;
  /** The word before the key, if there is one. */
  readonly prefix: string | null;
  /** The source, if the text names it: `owner/repo`. */
  readonly sourceKey: string | null;
  /** The host, if the text is a URL. */
  readonly host: string | null;
};

/** One interpretation of a written ref: what it could mean in one tracker. */
export type RefReading = ParsedRef & { readonly tracker: string };

/** A ref or issue URL in a text. It identifies at most one issue, whichever reading finds it. */
export type Mention = {
  /** The exact text. */
  readonly written: string;
  readonly readings: readonly RefReading[];
};

/** Finds the mentions in the Markdown text of an issue or comment of this tracker; returns each written form once. Never throws. */
export type FindRefs = (text: string, tracker: string) => readonly Mention[];
