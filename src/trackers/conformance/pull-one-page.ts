import type { Source, TrackerConnection } from "../tracker.ts";

/** Reads the first page of a source, holds it until `until` resolves, and stops. Returns the native ids of the page's issues. */
export async function pullOnePage(
  connection: TrackerConnection,
  source: Source,
  until: Promise<void>,
): Promise<readonly string[]> {
  const left = new AbortController();
  const pages = connection.pull(source, { cursor: null, resume: null, signal: left.signal })[Symbol.asyncIterator]();
  const first = await pages.next();
  await until;
  left.abort();
  await pages.return?.();
  return first.done === true ? [] : first.value.changes.map(({ nativeId }) => nativeId);
}
