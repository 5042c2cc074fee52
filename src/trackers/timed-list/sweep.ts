import type { Source } from "../tracker.ts";
import { createCrowds } from "./crowds.ts";
import { historyStart } from "./history-start.ts";
import type { TimedList, WalkPage } from "./timed-list.ts";
import { createWalk } from "./walk.ts";

/** All pages of open issues, then of closed ones inside the history window; `nowMs` is the server's time. An issue may occur twice. */
export async function* sweepTimedList<Issue>(
  list: TimedList<Issue>,
  source: Source,
  nowMs: number,
  signal: AbortSignal,
): AsyncGenerator<WalkPage<Issue>, void, undefined> {
  const crowds = createCrowds([]);
  const walk = createWalk(list, crowds);
  yield* walk.read({ list: "open", start: { since: null, seen: [] } }, signal);
  yield* walk.read({ list: "closed", start: historyStart(list, source, nowMs) }, signal);
  for (let crowd = crowds.takeDisturbed(); crowd !== undefined; crowd = crowds.takeDisturbed()) {
    yield* walk.readAgain(crowd, signal);
  }
}
