import { hash } from "node:crypto";
import type { Issue, PullFacts } from "./records.ts";

/** A pull request's branches. Seeded ones came from branches that no longer exist. */
export function factsOf(pull: Issue): PullFacts {
  const { repo, number, closedAt, closedBy } = pull;
  const known = repo.pulls.get(number);
  if (known !== undefined) return known;
  const sha = (name: string) => hash("sha1", `${repo.id} ${number} ${name}`);
  const made: PullFacts = {
    head: `topic-${number}`,
    base: "main",
    headSha: sha("head"),
    baseSha: sha("base"),
    draft: false,
    mergedAt: closedAt,
    mergedBy: closedBy,
    mergeSha: closedAt === null ? null : sha("merge"),
  };
  repo.pulls.set(number, made);
  return made;
}
