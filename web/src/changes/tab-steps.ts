import { readKept, writeKept } from "../ui/kept-text.ts";
import { isStep, type OwnStep } from "./own-steps.ts";

const key = "panopticon.tabs";
/** How long to offer undoing the steps of a closed tab. */
const keptMs = 86_400_000;
const maxSteps = 20;
const maxTabs = 20;

type KeptStep = OwnStep & { readonly at: number };
type Tabs = Readonly<Record<string, readonly KeptStep[]>>;

/** The recent steps of all tabs of this browser, so that those of a closed tab can still be undone. Empty if the browser forbids storage or locks. */
export type TabSteps = {
  readonly add: (step: OwnStep) => void;
  /** The step was undone, or never took effect, in whichever tab. */
  readonly remove: (step: string) => void;
  /** The last step made by a closed tab; null: none. */
  readonly lastOfClosed: () => Promise<OwnStep | null>;
};

/** `tab`: this tab's name, the same after a reload. The tab holds a lock while it is open, which tells other tabs so. */
export function createTabSteps(tab: string, locks: LockManager | undefined): TabSteps {
  const lockOf = (name: string) => `${key}.${name}`;
  // Shared, because a duplicated tab has the same name.
  locks?.request(lockOf(tab), { mode: "shared" }, () => new Promise(() => undefined)).catch(() => undefined);
  const change = (next: (tabs: Tabs) => Tabs) => {
    const recent = Object.entries(next(readTabs()))
      .map(([name, steps]) => [name, steps.slice(-maxSteps)] as const)
      .filter(([, steps]) => lastAt(steps) > Date.now() - keptMs)
      .toSorted(([, one], [, other]) => lastAt(other) - lastAt(one))
      .slice(0, maxTabs);
    writeKept(key, recent.length === 0 ? null : JSON.stringify(Object.fromEntries(recent)));
  };
  return {
    add: ({ step, what }) =>
      change((tabs) => {
        const others = (tabs[tab] ?? []).filter((other) => other.step !== step);
        return { ...tabs, [tab]: [...others, { step, what, at: Date.now() }] };
      }),
    remove: (step) =>
      change((tabs) =>
        Object.fromEntries(
          Object.entries(tabs).map(([name, steps]) => [name, steps.filter((other) => other.step !== step)]),
        ),
      ),
    async lastOfClosed() {
      if (locks === undefined) return null;
      const { held = [] } = await locks.query();
      const open = new Set(held.map(({ name }) => name));
      const closed = Object.entries(readTabs()).filter(([name]) => name !== tab && !open.has(lockOf(name)));
      const steps = closed.flatMap(([, own]) => own).filter(({ at }) => at > Date.now() - keptMs);
      return steps.toSorted((one, other) => other.at - one.at)[0] ?? null;
    },
  };
}

function lastAt(steps: readonly KeptStep[]): number {
  return steps.at(-1)?.at ?? 0;
}

function readTabs(): Tabs {
  try {
    const kept: unknown = JSON.parse(readKept(key) ?? "{}");
    if (typeof kept !== "object" || kept === null) return {};
    return Object.fromEntries(
      Object.entries(kept).map(([name, steps]) => [name, Array.isArray(steps) ? steps.filter(isKeptStep) : []]),
    );
  } catch {
    return {};
  }
}

function isKeptStep(kept: unknown): kept is KeptStep {
  return isStep(kept) && "at" in kept && typeof kept.at === "number";
}

/** This tab's name, kept as long as the tab; new on each load if the browser forbids storage. */
export function tabName(storage: Pick<Storage, "getItem" | "setItem"> | null): string {
  const nameKey = "panopticon.tab";
  try {
    const kept = storage?.getItem(nameKey);
    if (kept != null) return kept;
    const made = crypto.randomUUID();
    storage?.setItem(nameKey, made);
    return made;
  } catch {
    return crypto.randomUUID();
  }
}
