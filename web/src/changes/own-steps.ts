/** A step that this tab made, and what it was in words. */
export type OwnStep = { readonly step: string; readonly what: string };

/** Steps that are remembered: nobody takes back more, one by one. */
const maxSteps = 100;
const key = "panopticon.steps";

/**
 * What this tab changed and did not take back, the latest last. It outlives a reload and is of this tab alone: other tabs of the browser make the same session's changes,
 * and each takes back its own. Where the browser forbids storage there is nothing after a reload.
 */
export type OwnSteps = {
  readonly add: (step: OwnStep) => void;
  readonly remove: (step: string) => void;
  readonly last: () => OwnStep | undefined;
};

export function createOwnSteps(storage: Pick<Storage, "getItem" | "setItem"> | null): OwnSteps {
  let steps = read(storage);
  const set = (next: readonly OwnStep[]) => {
    steps = next.slice(-maxSteps);
    try {
      storage?.setItem(key, JSON.stringify(steps));
    } catch {
      // Full or forbidden: they last as long as the page.
    }
  };
  return {
    add: ({ step, what }) => set([...steps.filter((other) => other.step !== step), { step, what }]),
    remove: (step) => set(steps.filter((other) => other.step !== step)),
    last: () => steps.at(-1),
  };
}

function read(storage: Pick<Storage, "getItem"> | null): readonly OwnStep[] {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(key) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isStep) : [];
  } catch {
    return [];
  }
}

/** Whether what was kept is a step. */
export function isStep(kept: unknown): kept is OwnStep {
  return typeof kept === "object" && kept !== null && "step" in kept && typeof kept.step === "string" && "what" in kept;
}

/** The tab's own storage; null where the browser forbids it. */
export function tabStorage(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
