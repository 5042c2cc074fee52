import { PanopticonError } from "../domain/error.ts";
import type { Vocabulary } from "../domain/issue.ts";
import type { Mapping } from "../domain/mapping.ts";
import type { IssueType } from "../domain/operation.ts";
import type { SourceConfig } from "../domain/source.ts";
import type { SourceForm, SourceRow } from "../store/sources/source-row.ts";
import type { ChangeStore, ChangeTracker } from "./changes.ts";

export type RememberedAccount = { readonly id: string; readonly login: string; readonly name: string };

/** A source as needed to parse names. Data that takes a query is loaded once, on first use. */
export type SourceContext = {
  readonly id: number;
  readonly config: SourceConfig;
  /** null before the source was described. */
  readonly info: SourceRow["info"];
  readonly tracker: ChangeTracker;
  readonly form: SourceForm | null;
  /** Throws `busy` before the source was described for the first time. */
  mapping(): Mapping;
  /** The issue types; none before the source was described. */
  readonly types: readonly IssueType[];
  vocabulary(): Promise<Vocabulary>;
  /** The account of the credentials; null before the tracker was asked. */
  account(): Promise<RememberedAccount | null>;
};

/** The part of a source that is loaded before its vocabulary. */
type SourceRecord = Pick<SourceRow, "id" | "config" | "info" | "mapping" | "form">;

export type SourceContextOptions = {
  readonly store: Pick<ChangeStore, "sources">;
  readonly trackers: readonly ChangeTracker[];
};

/** Opens the mirrored source with this id. Throws `not_found`, and as `toContext`. */
export async function openSource(sourceId: number, options: SourceContextOptions): Promise<SourceContext> {
  return toContext(await options.store.sources.get(sourceId), options);
}

/** Creates the context of a source. Throws `unsupported` for a tracker unknown to this version. */
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

/** The source's name for messages: its key, `acme/app`, or its name if the key is a number, which means nothing to people. */
export function nameOf({ config, info }: Pick<SourceContext, "config" | "info">): string {
  return info === null || /\p{L}/u.test(config.key) ? config.key : info.name;
}

/** Whether an issue can have several assignees: that depends on the tracker, and may depend on the source. */
export function allowsSeveralAssignees({ tracker, form }: Pick<SourceContext, "tracker" | "form">): boolean {
  return tracker.writing.assignees === "many" && form?.oneAssignee === undefined;
}

/** The `busy` error before a source's first sync, when its vocabulary is unknown. */
export function notDescribed(config: SourceConfig, tracker: ChangeTracker): PanopticonError {
  return new PanopticonError("busy", `${config.key} has not been read from ${tracker.label} yet.`, {
    hint: "Wait for the first sync, or run pan sync. If it takes long, check pan status.",
  });
}

/** Throws `forbidden`, with the reason, if these credentials cannot write. */
export function requireWritable(source: SourceContext): void {
  const { tracker, form } = source;
  if (form?.writable.allowed !== false) return;
  throw new PanopticonError(
    "forbidden",
    `${nameOf(source)} is read-only${form.writable.reason === null ? "." : `: ${form.writable.reason}`}`,
    { hint: `Give Panopticon ${tracker.label} credentials with write access to it.` },
  );
}
