import { createContext, useContext, useMemo, type ReactNode } from "react";
import type { IssueDetailShape } from "../../../src/server/contract/issue.ts";
import type { KnownRefs } from "./link-refs.ts";

const none: KnownRefs = { issues: new Map(), others: [] };
const KnownRefsContext = createContext<KnownRefs>(none);

const noRelations: IssueDetailShape["relations"] = [];
const noMentions: IssueDetailShape["mentions"] = [];

type KnownRefsOfProps = {
  readonly issue: Pick<IssueDetailShape, "parent"> &
    Partial<Pick<IssueDetailShape, "relations" | "mentions" | "shortForms">>;
  readonly children: ReactNode;
};

/** Provides the refs that the texts below may link: those of issues related to `issue`, the words that the server finds in its texts, and its source's short forms. */
export function KnownRefsOf({ issue, children }: KnownRefsOfProps) {
  const { relations = noRelations, mentions = noMentions, shortForms = none.others, parent } = issue;
  const refs = useMemo<KnownRefs>(() => {
    const known = new Map<string, string>();
    for (const { ref, address } of [...relations, ...(parent === null ? [] : [parent])]) {
      if (ref === null || address === null) continue;
      known.set(ref.toLowerCase(), address);
      known.set(address.toLowerCase(), address);
    }
    for (const { written, address } of mentions) known.set(written.toLowerCase(), address);
    return { issues: known, others: shortForms };
  }, [relations, parent, mentions, shortForms]);
  return <KnownRefsContext value={refs}>{children}</KnownRefsContext>;
}

export function useKnownRefs(): KnownRefs {
  return useContext(KnownRefsContext);
}
