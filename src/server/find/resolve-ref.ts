import { PanopticonError } from "../../domain/error.ts";
import type { AskedRef, BoardStore } from "../../store/store.ts";
import type { RefReader } from "../../trackers/tracker.ts";

export type FoundIssue = {
  readonly id: number;
  readonly ref: string;
  readonly project: string;
  readonly source: string;
};

export type RefContext = {
  readonly trackers: readonly { readonly id: string; readonly label: string; readonly refs: RefReader }[];
  readonly board: Pick<BoardStore, "find" | "findLocal" | "detail" | "total">;
  /** Asks a tracker for an issue that the mirror does not find by its key; true if the mirror has it now. Absent if no tracker may be asked. */
  readonly lookUp?: (tracker: string, key: string) => Promise<boolean>;
  /** Prefers the issues of this project: `#45` inside a checkout. */
  readonly project?: string;
};

const maxCandidates = 10;

/**
 * Resolves a written ref, former key or URL to one issue, without guessing. Throws `not_found` with what was searched, and `conflict` with the URLs of the
 * matching issues (each of which can be used as a ref) if there are several.
 */
export async function resolveRef(text: string, context: RefContext): Promise<FoundIssue> {
  const written = text.trim();
  const found = new Map<number, FoundIssue>();
  const readBy: string[] = [];
  const local = /^new-\d+$/i.test(written) ? await context.board.findLocal(written) : null;
  if (local !== null) found.set(local.id, local);
  const readings: AskedRef[] = [];
  for (const tracker of context.trackers) {
    const parsed = tracker.refs.parse(written);
    if (parsed === null) continue;
    readBy.push(tracker.label);
    readings.push({ ...parsed, tracker: tracker.id });
  }
  for (const issue of await context.board.find(...readings)) found.set(issue.id, issue);
  if (found.size === 0) await lookUpFormer(written, context, found);
  const all = [...found.values()];
  const inProject = all.filter((issue) => issue.project === context.project);
  const near = inProject.length > 0 ? inProject : all;
  // Some forms only apply if no issue has that exact ref; a current key takes precedence over a former one.
  const exact = near.filter((issue) => issue.ref.toLowerCase() === written.toLowerCase());
  const fitting = exact.length > 0 ? exact : near;
  const [only, ...others] = fitting;
  if (only === undefined) throw await notFound(written, readBy, context);
  if (others.length === 0) return only;
  throw await ambiguous(written, fitting, context);
}

/** A key from before the mirror's first run, which its tracker still knows. */
async function lookUpFormer(written: string, context: RefContext, found: Map<number, FoundIssue>): Promise<void> {
  const { trackers, board, lookUp } = context;
  if (lookUp === undefined) return;
  for (const { id, refs } of trackers) {
    const parsed = refs.formerKeys === true ? refs.parse(written) : null;
    if (parsed === null || parsed.key === "" || !(await lookUp(id, parsed.key))) continue;
    for (const issue of await board.find({ ...parsed, tracker: id })) found.set(issue.id, issue);
  }
}

async function notFound(written: string, readBy: readonly string[], context: RefContext): Promise<PanopticonError> {
  if (readBy.length === 0) {
    return new PanopticonError("not_found", `“${written}” is not a ref or address of an issue in any tracker.`, {
      hint: `Write it as the board shows it, or paste the issue's address. Known trackers: ${context.trackers.map((tracker) => tracker.label).join(", ")}.`,
    });
  }
  const total = await context.board.total();
  const isUnasked =
    context.lookUp === undefined &&
    context.trackers.some(({ label, refs }) => refs.formerKeys === true && readBy.includes(label));
  const former = isUnasked ? " Former keys are looked up only while the server is running, or with --sync." : "";
  const among = total === 0 ? "yet: nothing is mirrored" : `among the ${total.toLocaleString("en")} mirrored ones`;
  return new PanopticonError(
    "not_found",
    `There is no issue “${written}” ${among}; searched as a ref of ${readBy.join(" and ")}.`,
    {
      hint: `It may be newer than the last sync (\`pan sync\`), closed longer ago than the project's history, or in a source that no project includes.${former}`,
    },
  );
}

async function ambiguous(
  written: string,
  fitting: readonly FoundIssue[],
  context: RefContext,
): Promise<PanopticonError> {
  const details = await Promise.all(fitting.slice(0, maxCandidates).map((issue) => context.board.detail(issue.id)));
  const places = details.map((issue) => `${issue.ref} in ${issue.sourceKey} (${issue.project})`).join(", ");
  const rest = fitting.length - details.length;
  return new PanopticonError(
    "conflict",
    `“${written}” matches ${fitting.length} issues: ${places}${rest > 0 ? ` and ${rest} more` : ""}.`,
    { hint: "Use one of these addresses instead.", candidates: details.map((issue) => issue.url) },
  );
}
