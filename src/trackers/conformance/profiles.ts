import type { Subject } from "./stage.ts";

/** What the suite has to know of each tracker beyond its definition. */
export const profiles: Readonly<Record<string, Omit<Subject, "definition">>> = {
  github: {
    pageSize: 100,
    states: { open: "open", closed: "closed" },
    isListRequest: ({ url }) => /\/issues\?.*sort=updated/.test(url),
    skips: {
      "reports what the tracker's own list marks as thrown away":
        "GitHub has no trash: a deleted issue leaves no trace in the list",
    },
  },
  linear: {
    pageSize: 250,
    states: { open: "Todo", closed: "Done" },
    isListRequest: ({ body }) => body.includes("query Issues("),
    skips: {},
  },
};

export function subjectOf(definition: Subject["definition"]): Subject {
  const profile = profiles[definition.id];
  if (profile === undefined) throw new Error(`${definition.label} has no profile in the conformance suite.`);
  return { definition, ...profile };
}
