import type { Fault, Faults } from "../emulator.ts";

/** The faults that apply to a request, by kind. */
export type ActiveFaults = {
  has(kind: Fault["kind"]): boolean;
  get(kind: Fault["kind"]): Fault | undefined;
  /** Resolves when the faults are cleared. */
  readonly cleared: Promise<void>;
};

export type FaultList = Faults & {
  /** The remaining faults. */
  list(): readonly Fault[];
  /** Takes the faults that apply to this request and decrements their counts. */
  take(request: { readonly method: string; readonly url: string; readonly body: string }): ActiveFaults;
};

type Pending = { readonly fault: Fault; skip: number; left: number };

const none: ActiveFaults = { has: () => false, get: () => undefined, cleared: Promise.resolve() };

export function createFaultList(): FaultList {
  let pending: Pending[] = [];
  let clearing = Promise.withResolvers<void>();

  return {
    add(fault) {
      pending.push({ fault, skip: fault.after ?? 0, left: fault.times ?? 1 });
    },
    clear() {
      pending = [];
      clearing.resolve();
      clearing = Promise.withResolvers();
    },
    list: () => pending.map(({ fault, skip, left }) => ({ ...fault, after: skip, times: left })),
    take(request) {
      if (pending.length === 0) return none;
      const active = new Map<Fault["kind"], Fault>();
      for (const entry of pending) {
        const { fault } = entry;
        if (fault.method !== undefined && request.method !== fault.method) continue;
        if (fault.path !== undefined && !request.url.includes(fault.path)) continue;
        if (fault.body !== undefined && !request.body.includes(fault.body)) continue;
        // Faults of the same kind apply one after another, not all to the same request.
        if (active.has(fault.kind)) continue;
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        entry.left -= 1;
        active.set(fault.kind, fault);
      }
      pending = pending.filter((entry) => entry.left > 0);
      return { has: (kind) => active.has(kind), get: (kind) => active.get(kind), cleared: clearing.promise };
    },
  };
}
