import { createContext, useContext, useMemo, type ReactNode } from "react";
import type { IssueDetailShape } from "../../../src/server/contract/issue.ts";
import type { KnownRefs } from "./link-refs.ts";

const none: KnownRefs = new Map();
const KnownRefsContext = createContext<KnownRefs>(none);

const noRelations: IssueDetailShape["relations"] = [];

type KnownRefsOfProps = {
  readonly issue: Pick<IssueDetailShape, "parent"> & Partial<Pick<IssueDetailShape, "relations">>;
  readonly children: ReactNode;
};

/** Provides the refs that the texts below may link: those of issues related to `issue`, which the server finds in its texts. */
export function KnownRefsOf({ issue, children }: KnownRefsOfProps) {
  const { relations = noRelations, parent } = issue;
  const refs = useMemo<KnownRefs>(() => {
    const known = new Map<string, string>();
    for (const { ref, address } of [...relations, ...(parent === null ? [] : [parent])]) {
      if (ref === null || address === null) continue;
      known.set(ref.toLowerCase(), address);
      known.set(address.toLowerCase(), address);
    }
    return known;
  }, [relations, parent]);
  return <KnownRefsContext value={refs}>{children}</KnownRefsContext>;
}

export function useKnownRefs(): KnownRefs {
  return useContext(KnownRefsContext);
}
