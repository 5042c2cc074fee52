/** A step's changes by subject (`0 title`, `comment 2`): the value before (undefined: none), and whether the tracker has the change. */
export type Step = Map<string, { readonly before: unknown; readonly isWritten: boolean }>;

/** The values the user wants, and the stack of steps that led to them. */
export function createModel() {
  const wanted = new Map<string, unknown>();
  let steps: readonly Step[] = [];
  const model = {
    wanted,
    last: () => steps.at(-1),
    push: (changed: ReadonlyMap<string, unknown>) => {
      steps = [...steps, new Map([...changed].map(([about, before]) => [about, { before, isWritten: false }]))];
    },
    /** A value already shown makes no step; a change that waits for the user is replaced by a new value. */
    step(changed: ReadonlyMap<string, unknown>, shown: ReadonlyMap<string, unknown>) {
      const before = new Map<string, unknown>();
      for (const [about, value] of changed) {
        const now = shown.has(about) ? shown.get(about) : wanted.get(about);
        if (now === value) continue;
        model.giveUp(about, now);
        before.set(about, now);
        wanted.set(about, value);
      }
      if (before.size > 0) model.push(before);
    },
    undo() {
      for (const [about, { before }] of steps.at(-1) ?? []) wanted.set(about, before);
      steps = steps.slice(0, -1);
    },
    /** The tracker has the wanted value. */
    written(about: string) {
      for (const step of steps) {
        const part = step.get(about);
        if (part !== undefined) step.set(about, { ...part, isWritten: true });
      }
    },
    /** A change is given up: unwritten steps that led away from this value are removed. */
    giveUp(about: string, value: unknown) {
      for (const step of steps.toReversed()) {
        const part = step.get(about);
        if (wanted.get(about) === value || part?.isWritten === true) break;
        if (part === undefined) continue;
        wanted.set(about, part.before);
        step.delete(about);
      }
      wanted.set(about, value);
      steps = steps.filter(({ size }) => size > 0);
    },
  };
  return model;
}
