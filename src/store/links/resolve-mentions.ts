import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import { foldRef } from "../mirror/ref.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import { readHandle, sourceNames } from "./mention-handle.ts";

/** A stored mention: one row per reading. */
export type MentionRow = {
  readonly issue_id: number;
  /** The source of the issue whose text contains it. */
  readonly source_id: number;
  readonly written: string;
  readonly handle: string;
  readonly host: string;
};

type Candidate = { readonly id: number; readonly sourceId: number; readonly ref: string };

export type ResolvedMention = { readonly issueId: number; readonly written: string; readonly otherId: number };

/** Like `resolveWords`, each pair of issues once, and without mentions of the issue itself. */
export async function resolveMentions(
  db: Trx,
  sources: readonly SourceRecord[],
  rows: readonly MentionRow[],
): Promise<readonly Omit<ResolvedMention, "written">[]> {
  const found = await resolveWords(db, sources, rows);
  const others = found.filter(({ issueId, otherId }) => issueId !== otherId);
  const pairs = others.map(({ issueId, otherId }) => [`${issueId} ${otherId}`, { issueId, otherId }] as const);
  return [...new Map(pairs).values()];
}

/**
 * Resolves mentions to issues, by `written` and the issue that contains them, in the present mirror. Leaves out ambiguous mentions. `rows` must contain every
 * reading of a mention.
 */
export async function resolveWords(
  db: Trx,
  sources: readonly SourceRecord[],
  rows: readonly MentionRow[],
): Promise<readonly ResolvedMention[]> {
  const candidates = await findCandidates(db, sources, rows);
  const trackerOf = new Map(sources.map((source) => [source.id, source.config.tracker]));
  const mentions = Map.groupBy(rows, (row) => `${row.issue_id} ${row.written}`);
  const resolved: ResolvedMention[] = [];
  for (const readings of mentions.values()) {
    const [first] = readings;
    if (first === undefined) continue;
    const found = new Map(
      readings.flatMap((row) => (candidates.get(nameOf(row)) ?? []).map((issue) => [issue.id, issue] as const)),
    );
    const only = theOne([...found.values()], first, trackerOf);
    if (only === undefined) continue;
    resolved.push({ issueId: first.issue_id, written: first.written, otherId: only.id });
  }
  return resolved;
}

/** Some forms count only if nothing else has exactly that ref, except that a tracker's own texts mean its own issues, too. */
function theOne(
  found: readonly Candidate[],
  mention: MentionRow,
  trackerOf: ReadonlyMap<number, string>,
): Candidate | undefined {
  if (found.length < 2) return found[0];
  const exact = found.filter((issue) => foldRef(issue.ref) === foldRef(mention.written));
  const own = trackerOf.get(mention.source_id);
  const rivals = found.filter((issue) => !exact.includes(issue) && trackerOf.get(issue.sourceId) === own);
  return exact.length === 1 && rivals.length === 0 ? exact[0] : undefined;
}

function nameOf(row: Pick<MentionRow, "handle" | "host">): string {
  return `${row.handle} ${row.host}`;
}

/** The issues that each reading can mean. A present key takes precedence over former keys of others. */
async function findCandidates(
  db: Trx,
  sources: readonly SourceRecord[],
  rows: readonly MentionRow[],
): Promise<ReadonlyMap<string, readonly Candidate[]>> {
  const readings = [...new Map(rows.map((row) => [nameOf(row), row])).values()];
  const asked = readings.flatMap((row) => {
    const { form, tracker, text } = readHandle(row.handle);
    const fitting = sources.filter((source) => source.config.tracker === tracker && isOn(source, row.host));
    return fitting.length === 0 ? [] : [{ name: nameOf(row), form, text, fitting }];
  });
  const natives = await findCards(
    db,
    "native_id",
    asked.flatMap(({ form, text }) => (form === "i" ? [text] : [])),
  );
  const refs = await findCards(
    db,
    "ref_folded",
    asked.flatMap(placesOf).map(({ ref }) => ref),
  );
  const former = await findFormer(
    db,
    asked.flatMap(({ form, text }) => (form === "r" && !refs.has(text) ? [text] : [])),
  );
  return new Map(
    asked.map((reading) => {
      const { name, form, text, fitting } = reading;
      const visible = new Set(fitting.map((source) => source.id));
      const seen = (issues: readonly Candidate[] = []) => issues.filter((issue) => visible.has(issue.sourceId));
      const here =
        form === "i"
          ? seen(natives.get(text))
          : placesOf(reading).flatMap(({ ref, sourceId }) =>
              seen(refs.get(ref)).filter((issue) => sourceId === null || issue.sourceId === sourceId),
            );
      const before = form === "r" ? seen(former.get(text)) : [];
      return [name, here.length > 0 ? here : before];
    }),
  );
}

/** The folded refs that a reading can have, and the source if it names one. */
function placesOf(reading: {
  readonly form: string;
  readonly text: string;
  readonly fitting: readonly SourceRecord[];
}): readonly { readonly ref: string; readonly sourceId: number | null }[] {
  const { form, text, fitting } = reading;
  if (form === "i") return [];
  if (form === "r") return [{ ref: text, sourceId: null }];
  return fitting.flatMap((source) =>
    sourceNames(source)
      // `owner/repo` must not match as a prefix of `owner/repository`.
      .filter((name) => text.startsWith(name) && !/^[\p{L}\p{N}_./-]/u.test(text.slice(name.length)))
      .map((name) => ({ ref: foldRef(source.config.refPrefix) + text.slice(name.length), sourceId: source.id })),
  );
}

/** Whether a source is on a host, as far as known. */
function isOn({ info }: SourceRecord, host: string): boolean {
  const own = info?.url == null ? null : (URL.parse(info.url)?.host ?? null);
  return host === "" || own === null || own === host;
}

async function findCards(
  db: Trx,
  column: "native_id" | "ref_folded",
  texts: readonly string[],
): Promise<ReadonlyMap<string, readonly Candidate[]>> {
  if (texts.length === 0) return new Map();
  const { rows } = await sql<{ id: number; source_id: number; ref: string; text: string }>`
    select issue_id as id, source_id, ref, ${sql.ref(column)} as text from card
    where ${sql.ref(column)} in ${db.dialect.list([...new Set(texts)])}`.execute(db);
  return grouped(rows);
}

async function findFormer(db: Trx, keys: readonly string[]): Promise<ReadonlyMap<string, readonly Candidate[]>> {
  if (keys.length === 0) return new Map();
  const { rows } = await sql<{ id: number; source_id: number; ref: string; text: string }>`
    select c.issue_id as id, c.source_id, c.ref, a.key_folded as text
    from alias a join card c on c.issue_id = a.issue_id
    where a.key_folded in ${db.dialect.list([...new Set(keys)])}`.execute(db);
  return grouped(rows);
}

function grouped(
  rows: readonly { id: number; source_id: number; ref: string; text: string }[],
): ReadonlyMap<string, readonly Candidate[]> {
  const groups = new Map<string, Candidate[]>();
  for (const { id, source_id, ref, text } of rows) {
    const candidate = { id, sourceId: source_id, ref };
    const group = groups.get(text);
    if (group) group.push(candidate);
    else groups.set(text, [candidate]);
  }
  return groups;
}
