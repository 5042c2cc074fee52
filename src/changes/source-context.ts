import { PanopticonError } from "../domain/error.ts";
import type { Vocabulary } from "../domain/issue.ts";
import type { Mapping } from "../domain/mapping.ts";
import type { IssueType } from "../domain/operation.ts";
import type { SourceConfig } from "../domain/source.ts";
import type { SourceForm, SourceRow } from "../store/sources/source-row.ts";
import type { ChangeStore, ChangeTracker } from "./changes.ts";

export type RememberedAccount = { readonly id: string; readonly login: string; readonly name: string };

/** A source as the reading of words needs it. What takes a query of its own is asked once, when it is needed. */
export type SourceContext = {
  readonly id: number;
  readonly config: SourceConfig;
  /** null before the source was described. */
  readonly info: SourceRow["info"];
  readonly tracker: ChangeTracker;
  readonly form: SourceForm | null;
  /** Throws `busy` before the source was described for the first time. */
  mapping(): Mapping;
  /** The kinds of issues; none before the source was described. */
  readonly types: readonly IssueType[];
  vocabulary(): Promise<Vocabulary>;
  /** Whose credentials are used; null before the tracker was asked. */
  account(): Promise<RememberedAccount | null>;
};

/** What is known of a source before its words are needed. */
type SourceRecord = Pick<SourceRow, "id" | "config" | "info" | "mapping" | "form">;

export type SourceContextOptions = {
  readonly store: Pick<ChangeStore, "sources">;
  readonly trackers: readonly ChangeTracker[];
};

/** The mirrored source of this id. Throws `not_found`, and as `toContext`. */
export async function openSource(sourceId: number, options: SourceContextOptions): Promise<SourceContext> {
  return toContext(await options.store.sources.get(sourceId), options);
}

/** Throws `unsupported` for a source of a tracker that this version does not know. */
export function toContext(row: SourceRecord, { store, trackers }: SourceContextOptions): SourceContext {
  const { config, info, form, mapping } = row;
  const tracker = trackers.find(({ id }) => id === config.tracker);
  if (tracker === undefined) {
    throw new PanopticonError("unsupported", `This version does not support a tracker called ${config.tracker}.`);
  }
  let vocabulary: Promise<Vocabulary> | undefined;
  let accounts: ReturnType<ChangeStore["sources"]["accounts"]> | undefined;
  return {
    id: row.id,
    config,
    info,
    tracker,
    form,
    types: form?.types ?? [],
    mapping: () => {
      if (mapping !== null) return mapping;
      throw notDescribed(config, tracker);
    },
    vocabulary: () => (vocabulary ??= store.sources.vocabulary(row.id)),
    account: async () => (await (accounts ??= store.sources.accounts()))[config.connection] ?? null,
  };
}

/** Where a word was looked for, for messages: `acme/app`; its name where its key is a number, which says nothing to people. */
export function nameOf({ config, info }: Pick<SourceContext, "config" | "info">): string {
  return info === null || /\p{L}/u.test(config.key) ? config.key : info.name;
}

/** `busy`: nothing can be read in a source's words before its first sync. */
export function notDescribed(config: SourceConfig, tracker: ChangeTracker): PanopticonError {
  return new PanopticonError("busy", `${config.key} has not been read from ${tracker.label} yet.`, {
    hint: "Wait for the first sync, or run pan sync. If it takes long, check pan status.",
  });
}

/** Throws `forbidden`, with the reason, where these credentials cannot write. */
export function requireWritable(source: SourceContext): void {
  const { tracker, form } = source;
  if (form?.writable.allowed !== false) return;
  throw new PanopticonError(
    "forbidden",
    `${nameOf(source)} is read-only${form.writable.reason === null ? "." : `: ${form.writable.reason}`}`,
    { hint: `Give Panopticon ${tracker.label} credentials with write access to it.` },
  );
}
