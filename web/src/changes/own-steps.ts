/** A step that this tab made, with a description. */
export type OwnStep = { readonly step: string; readonly what: string };

/** More steps than a user would undo one by one. */
const maxSteps = 100;
const key = "panopticon.steps";

/**
 * The steps this tab made and did not undo, the latest last. They survive a reload but are private to this tab: other tabs share the session, and each undoes
 * its own changes. If the browser forbids storage, they are lost on reload.
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
      // Storage is full or forbidden: the steps last as long as the page.
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

/** Whether a stored value is a valid step. */
export function isStep(kept: unknown): kept is OwnStep {
  return typeof kept === "object" && kept !== null && "step" in kept && typeof kept.step === "string" && "what" in kept;
}

/** The tab's session storage; null if the browser forbids it. */
export function tabStorage(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
