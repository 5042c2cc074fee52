import type { IssueDetailShape } from "../../../src/server/contract/issue.ts";
import { statusLabels } from "../../../src/domain/status.ts";
import { StatusIcon, TrackerGlyph } from "../ui/icon.tsx";
import { formatNumberOf } from "../ui/time.ts";
import { IssueLink } from "./issue-link.tsx";

type Relation = IssueDetailShape["relations"][number];

const words: Record<Relation["type"], string> = {
  parent: "Parent",
  child: "Child",
  blocks: "Blocks",
  blocked_by: "Blocked by",
  relates: "Relates",
  duplicates: "Duplicates",
};

const order: readonly Relation["type"][] = ["parent", "blocked_by", "blocks", "child", "relates", "duplicates"];

/** Relations of every kind, blockers first. Issues that are not mirrored are named as such. */
export function Related({ issue }: { readonly issue: IssueDetailShape }) {
  if (issue.relations.length === 0) return null;
  const sorted = issue.relations.toSorted((a, b) => order.indexOf(a.type) - order.indexOf(b.type));
  const trackers = new Set(sorted.map(({ tracker }) => tracker)).size;
  return (
    <section className="issue-section" aria-label="Related issues">
      <h3>
        Related{" "}
        <span className="font-normal text-ink-3">
          {formatNumberOf(sorted.length, "issue")}
          {trackers > 1 && ` in ${trackers} trackers`}
          {issue.children.total > 0 && `, ${issue.children.done} of ${issue.children.total} children done`}
        </span>
      </h3>
      <ul>
        {sorted.map((relation) => (
          <li key={`${relation.type}:${relation.id}`}>
            {relation.ref === null ? (
              <span className="relation">
                <RelationRow relation={relation} />
              </span>
            ) : (
              <IssueLink issueRef={relation.address ?? relation.ref} className="relation">
                <RelationRow relation={relation} />
              </IssueLink>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function RelationRow({ relation }: { readonly relation: Relation }) {
  return (
    <>
      <span className={relation.type === "blocked_by" ? "text-bad" : "text-ink-3"}>{words[relation.type]}</span>
      <TrackerGlyph tracker={relation.tracker} />
      <span className="truncate">{relation.ref ?? "not mirrored"}</span>
      <span className="relation-title truncate">
        <bdi>{relation.title}</bdi>
      </span>
      {relation.status === null ? (
        <span />
      ) : (
        <span className="flex items-center gap-1.5 text-ink-2">
          <StatusIcon status={relation.status} size={14} label={false} />
          {statusLabels[relation.status]}
        </span>
      )}
    </>
  );
}
