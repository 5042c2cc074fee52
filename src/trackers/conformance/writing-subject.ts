import type { Fault } from "../../../emulators/emulator.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import type { LinkType } from "../../domain/operation.ts";
import type { NativeEdit } from "../tracker.ts";

/** What the suite has to know of a tracker's writes, beyond its definition. */
export type WritingSubject = {
  /** How the emulator tells the request that makes an issue, that makes a comment, and that changes a title. */
  readonly requests: Readonly<Record<"create" | "comment" | "edit", Pick<Fault, "method" | "path" | "body">>>;
  /** How the emulator tells all its writes from its questions: some trackers ask by POST too. The last one is that of an edit. */
  readonly writes: readonly Pick<Fault, "method" | "path" | "body">[];
  /** What people see of a text in the tracker, from how the tracker keeps it. */
  readonly shown: (nativeText: string) => string;
  /** Requests that an edit of one field takes, where that is not one; lookups on first use not counted. */
  readonly requestsOf?: Readonly<Partial<Record<keyof NativeEdit, number>>>;
  /** What else changes with a field, where the tracker is like that. */
  readonly alsoChanges?: Readonly<Partial<Record<keyof NativeEdit, readonly (keyof NativeIssue)[]>>>;
  /** An estimate that the tracker takes; default: 3, or 5 where it is that. */
  readonly estimate?: number;
  /** The type of issues that a relation is between, where it is not any. */
  readonly relatedTypes?: Readonly<Partial<Record<LinkType, string>>>;
  /** The tracker does not tell beforehand that credentials may only read: `describe` says null, and the writes are refused. */
  readonly tellsNoRights?: true;
  /** How a label of several words is written, where a label is one word. */
  readonly labelName?: (words: string) => string;
  /** How the tracker counts a text's length; default: in characters. */
  readonly lengthOf?: (text: string) => number;
  /** Whether this issue can lie below that one, where not any can lie below any other. */
  readonly canBeParent?: (child: NativeIssue, parent: NativeIssue) => boolean;
};
