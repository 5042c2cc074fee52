import type { IssueDetailShape } from "../../../../src/server/contract/issue.ts";
import type { TrackerShape } from "../../../../src/server/contract/tracker.ts";
import { statusLabels } from "../../../../src/domain/status.ts";
import { Icon, StatusIcon, TrackerGlyph } from "../../ui/icon.tsx";
import { useShowMore } from "../../ui/show-more.tsx";
import { formatNumberOf } from "../../ui/time.ts";
import { IssueLink } from "../issue-link.tsx";
import { OutsideIssue } from "../outside-issue.tsx";
import type { Relation } from "./lay-over-relations.ts";
import { RelationAdd } from "./relation-add.tsx";
import { relationWords as words } from "./relation-words.ts";
import { useRelations } from "./use-relations.ts";

const order: readonly Relation["type"][] = ["parent", "blocked_by", "blocks", "child", "relates", "duplicates"];

type RelatedProps = {
  readonly issue: IssueDetailShape;
  readonly tracker: TrackerShape | undefined;
  readonly writable: boolean;
};

/** All relations, blockers first; issues that are not mirrored are marked. */
export function Related({ issue, tracker, writable }: RelatedProps) {
  const { relations, add, remove } = useRelations(issue);
  const sorted = relations.toSorted((a, b) => order.indexOf(a.type) - order.indexOf(b.type));
  const { shown, more } = useShowMore(sorted);
  if (relations.length === 0 && !writable) return null;
  const trackers = new Set(sorted.map(({ tracker }) => tracker)).size;
  return (
    <section className="issue-section" aria-label="Related issues">
      <h3>
        Related{" "}
        <span className="font-normal text-ink-3">
          {sorted.length > 0 && formatNumberOf(sorted.length, "issue")}
          {trackers > 1 && ` in ${trackers} trackers`}
          {issue.children.total > 0 && `, ${issue.children.done} of ${issue.children.total} children done`}
        </span>
        {writable && <RelationAdd issue={issue} tracker={tracker} onAdd={add} />}
      </h3>
      <ul>
        {shown.map((relation) => (
          <li key={`${relation.type}:${relation.id}`} className="relation-row">
            {relation.ref === null ? (
              <OutsideIssue url={relation.url} className="relation">
                <RelationRow relation={relation} />
              </OutsideIssue>
            ) : (
              <IssueLink issueRef={relation.address ?? relation.ref} className="relation">
                <RelationRow relation={relation} />
              </IssueLink>
            )}
            {writable && relation.origin !== "text" && (
              <button
                type="button"
                className="icon-button"
                aria-label={`Remove: ${words[relation.type].toLowerCase()} ${relation.key ?? "an issue that is not mirrored"}`}
                title="Remove relation"
                onClick={() => remove(relation)}
              >
                <Icon name="x" size={14} />
              </button>
            )}
          </li>
        ))}
      </ul>
      {more}
    </section>
  );
}

function RelationRow({ relation }: { readonly relation: Relation }) {
  return (
    <>
      <span className={relation.type === "blocked_by" ? "text-bad" : "text-ink-3"}>{words[relation.type]}</span>
      <TrackerGlyph tracker={relation.tracker} />
      <span className="truncate">{relation.key ?? "not mirrored"}</span>
      <span className="relation-title truncate" dir="auto">
        {relation.title}
      </span>
      {relation.status === null ? (
        <span className="text-ink-3">{relation.key === null ? null : "not mirrored"}</span>
      ) : (
        <span className="flex items-center gap-1.5 text-ink-2">
          <StatusIcon status={relation.status} size={14} label={false} />
          {statusLabels[relation.status]}
        </span>
      )}
    </>
  );
}
