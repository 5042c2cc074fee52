/** A webhook as configured. */
export type Hook = {
  readonly id: string;
  url: string;
  /** null: deliveries are not signed. */
  secret: string | null;
  /** Native id of the only source it reports; null: all. */
  readonly sourceId: string | null;
  /** The tracker's event names; empty: all. */
  events: readonly string[];
  /** false: disabled, by a user or after failures. */
  active: boolean;
  readonly createdAt: number;
};

export type HookRegistry = {
  all(): readonly Hook[];
  find(id: string): Hook | undefined;
  add(hook: Pick<Hook, "url" | "secret" | "sourceId" | "events"> & { readonly id?: string }): Hook;
  remove(id: string): boolean;
  /** Sends a test delivery now, like the tracker's `ping`. */
  ping(hook: Hook): void;
  onPing(listener: (hook: Hook) => void): void;
};

/** A tracker's webhooks. Ids are numbers unless given. */
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
