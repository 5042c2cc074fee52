/** A webhook as somebody set it up. */
export type Hook = {
  readonly id: string;
  url: string;
  /** null: deliveries are not signed. */
  secret: string | null;
  /** Native id of the one source that it tells of; null: all. */
  readonly sourceId: string | null;
  /** Names of events in the tracker's own words; empty: all. */
  events: readonly string[];
  /** false: switched off, by somebody or after failures. */
  active: boolean;
  readonly createdAt: number;
};

export type HookRegistry = {
  all(): readonly Hook[];
  find(id: string): Hook | undefined;
  add(hook: Pick<Hook, "url" | "secret" | "sourceId" | "events"> & { readonly id?: string }): Hook;
  remove(id: string): boolean;
  /** Has something sent to it now, as `ping` of its tracker. */
  ping(hook: Hook): void;
  onPing(listener: (hook: Hook) => void): void;
};

/** Where a tracker keeps its webhooks. Ids are numbers unless they are given. */
export function createHookRegistry(now: () => number): HookRegistry {
  const hooks = new Map<string, Hook>();
  const listeners: ((hook: Hook) => void)[] = [];
  let lastId = 410_000;
  return {
    all: () => [...hooks.values()],
    find: (id) => hooks.get(id),
    add({ id, ...rest }) {
      lastId += 7;
      const hook: Hook = { ...rest, id: id ?? String(lastId), active: true, createdAt: now() };
      hooks.set(hook.id, hook);
      return hook;
    },
    remove: (id) => hooks.delete(id),
    ping(hook) {
      for (const listener of listeners) listener(hook);
    },
    onPing(listener) {
      listeners.push(listener);
    },
  };
}
