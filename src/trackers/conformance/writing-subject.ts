import type { Fault } from "../../../emulators/emulator.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import type { LinkType } from "../../domain/operation.ts";
import type { NativeEdit } from "../tracker.ts";

/** What the suite needs to know about a tracker's writes, beyond its definition. */
export type WritingSubject = {
  /** How the emulator recognizes the requests that create an issue, create a comment, and change a title. */
  readonly requests: Readonly<Record<"create" | "comment" | "edit", Pick<Fault, "method" | "path" | "body">>>;
  /** How the emulator recognizes all writes, because some trackers also use POST for reads. The last one is an edit. */
  readonly writes: readonly Pick<Fault, "method" | "path" | "body">[];
  /** What users see of a text in the tracker, from the tracker's own format. */
  readonly shown: (nativeText: string) => string;
  /** The number of requests to edit one field, if not one; without lookups on first use. */
  readonly requestsOf?: Readonly<Partial<Record<keyof NativeEdit, number>>>;
  /** Which other fields change with a field. */
  readonly alsoChanges?: Readonly<Partial<Record<keyof NativeEdit, readonly (keyof NativeIssue)[]>>>;
  /** An estimate that the tracker accepts; default: 3, or 5 if that is the current one. */
  readonly estimate?: number;
  /** The type of issues that a relation requires. */
  readonly relatedTypes?: Readonly<Partial<Record<LinkType, string>>>;
  /** The tracker does not report read-only credentials in advance: `describe` returns null, and writes are refused. */
  readonly tellsNoRights?: true;
  /** Converts a label of several words, if labels are single words. */
  readonly labelName?: (words: string) => string;
  /** How the tracker measures a text's length; default: in characters. */
  readonly lengthOf?: (text: string) => number;
  /** Whether this issue can be below that one; default: always. */
  readonly canBeParent?: (child: NativeIssue, parent: NativeIssue) => boolean;
};
