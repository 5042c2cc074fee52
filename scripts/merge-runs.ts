import { PassThrough } from "node:stream";
import type { run } from "node:test";

type TestsStream = ReturnType<typeof run>;
type TestEvent = {
  readonly type: string;
  readonly data: { readonly message?: string; readonly nesting?: number; readonly file?: string };
};

const total = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) ([\d.]+)$/;

/**
 * Merges two concurrent runs into one stream of events for a reporter: the first run's as they come, then the second's, so that suites do not interleave; then
 * the combined totals (for `duration_ms`, the longer).
 */
export function mergeRuns(first: TestsStream, second: TestsStream): PassThrough {
  const merged = new PassThrough({ objectMode: true });
  const totals = new Map<string, number>();
  const take = (event: TestEvent, pass: (event: TestEvent) => void) => {
    const [, name, value] = (event.type === "test:diagnostic" && total.exec(event.data.message ?? "")) || [];
    if (name === undefined || event.data.nesting !== 0 || event.data.file !== undefined) return pass(event);
    const before = totals.get(name) ?? 0;
    totals.set(name, name === "duration_ms" ? Math.max(before, Number(value)) : before + Number(value));
  };
  const later: TestEvent[] = [];
  const read = async (stream: TestsStream, pass: (event: TestEvent) => void) => {
    for await (const event of stream as AsyncIterable<TestEvent>) take(event, pass);
  };
  void (async () => {
    try {
      await Promise.all([read(first, (event) => merged.write(event)), read(second, (event) => later.push(event))]);
      for (const event of later) merged.write(event);
      for (const [name, value] of totals) {
        merged.write({ type: "test:diagnostic", data: { nesting: 0, message: `${name} ${value}` } });
      }
      merged.end();
    } catch (error) {
      merged.destroy(error as Error);
    }
  })();
  return merged;
}
