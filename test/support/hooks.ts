import * as node from "node:test";

/** What `before` started. */
const started: Promise<unknown>[] = [];

/**
 * Like node:test's `before` and `after` of a whole file, but `after` always follows `before`: if a name pattern selects no test of the file, node:test waits for
 * neither. Then `after` found nothing to close, and what `before` opened a moment later kept the process running forever.
 */
export function before(open: () => Promise<unknown> | void, options?: node.HookOptions): void {
  node.before(async () => {
    const opening = (async () => open())();
    started.push(opening.catch(() => undefined));
    await opening;
  }, options);
}

/** See `before`. */
export function after(close: () => unknown, options?: node.HookOptions): void {
  node.after(async () => {
    await Promise.all(started);
    await close();
  }, options);
}
