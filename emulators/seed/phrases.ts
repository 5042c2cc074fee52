/** Phrases that turn an area's things into titles. Each failure is combined only with conditions that make sense. */
export type Phrases = {
  readonly kind: "screen" | "library";
  readonly bugs: readonly { readonly failures: readonly string[]; readonly conditions: readonly string[] }[];
  readonly features: readonly string[];
  readonly chores: readonly string[];
};

export const screenPhrases: Phrases = {
  kind: "screen",
  bugs: [
    {
      failures: [
        "breaks the layout",
        "ignores the keyboard",
        "scrolls back to the top",
        "hides its last row",
        "cannot be closed",
        "covers the save button",
      ],
      conditions: [
        "on narrow screens",
        "on Safari 18",
        "with a screen reader",
        "in the German translation",
        "at 200% zoom",
        "in the dark theme",
        "on a tablet held upright",
        "with very long company names",
        "in the embedded view",
      ],
    },
    {
      failures: [
        "shows yesterday's figures",
        "lists an entry twice",
        "leaves out cancelled loads",
        "rounds amounts the wrong way",
        "shows times in the wrong zone",
        "is empty",
        "mixes up two reference numbers",
        "names the wrong carrier",
      ],
      conditions: [
        "right after midnight UTC",
        "after a shipment was split",
        "for archived customers",
        "when the carrier has no tax number",
        "for multi-stop loads",
        "for loads booked through the API",
        "after the clock change",
        "when the trailer is swapped",
        "for accounts in two currencies",
        "for lanes across the Channel",
        "when a stop has no address",
      ],
    },
    {
      failures: [
        "loses the selected filter",
        "saves without the last change",
        "shows an endless spinner",
        "times out",
        "forgets the sort order",
        "answers with a 500",
        "sends its notification twice",
        "asks to sign in again",
      ],
      conditions: [
        "after the session was renewed",
        "when two people edit at once",
        "on slow connections",
        "for accounts with more than 50 users",
        "when the network comes back",
        "after switching companies",
        "with two tabs open",
        "with more than 1,000 entries",
        "while an import is running",
      ],
    },
  ],
  features: [
    "Make the {thing} usable on a phone",
    "Add an empty state to the {thing}",
    "Let admins decide who sees the {thing}",
    "Export the {thing} as CSV",
    "Show who last changed the {thing}",
    "Add undo to the {thing}",
    "Load the {thing} in under a second",
    "Translate the {thing} into Polish and Spanish",
    "Filter the {thing} by customer",
    "Link from the {thing} to the audit log",
    "Remember the last view of the {thing}",
    "Print the {thing} on one page",
  ],
  chores: [
    "Cover the {thing} with end-to-end tests",
    "Remove the feature flag around the {thing}",
    "Move the {thing} to the new design tokens",
    "Add metrics and an alert for the {thing}",
    "Delete dead code behind the {thing}",
    "Document how the {thing} gets its data",
    "Split the {thing} into smaller modules",
    "Review the permissions of the {thing}",
  ],
};

export const libraryPhrases: Phrases = {
  kind: "library",
  bugs: [
    {
      failures: [
        "throws on an empty answer",
        "retries a request that was refused",
        "leaks a connection",
        "ignores the timeout",
        "swallows the error",
        "writes the token to the log",
        "gives back stale data",
        "never settles its promise",
      ],
      conditions: [
        "behind a proxy",
        "when the server answers 429",
        "with two clients in one process",
        "after a redirect",
        "for payloads above 1 MB",
        "when the clock is off",
        "with a custom fetch",
        "in a worker thread",
        "after some hours",
        "under Bun",
      ],
    },
    {
      failures: [
        "drops the last event",
        "parses dates in local time",
        "loses decimals of rates",
        "mixes up pickup and delivery",
        "rejects valid reference numbers",
        "skips every other page",
      ],
      conditions: [
        "for multi-stop loads",
        "with fractional weights",
        "after the clock change",
        "for carriers without a SCAC",
        "when fields are null",
        "in the sandbox",
        "for tenders in two currencies",
      ],
    },
  ],
  features: [
    "Let callers configure the {thing}",
    "Export the types of the {thing}",
    "Add hooks for tracing to the {thing}",
    "Make the {thing} work in the browser",
    "Offer a test double for the {thing}",
    "Support cancellation in the {thing}",
    "Report progress from the {thing}",
    "Accept streams in the {thing}",
  ],
  chores: [
    "Document the {thing} with a runnable example",
    "Test the {thing} against recorded answers",
    "Measure how long the {thing} takes to start",
    "Remove deprecated options of the {thing}",
    "Split the {thing} out of the client module",
    "Fuzz the {thing}",
    "Port the {thing} to the shared HTTP layer",
  ],
};
