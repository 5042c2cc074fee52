import createDebug from "debug";
import type { Clock } from "../../domain/clock.ts";
import { toPanopticonError } from "../../domain/error.ts";
import type { Change } from "../../store/change.ts";
import type { Store } from "../../store/store.ts";
import type { WebhookHint } from "../../trackers/tracker.ts";
import type { OpenConnection } from "../connection/open-connection.ts";
import { isReserveReached } from "../schedule/interval.ts";
import { refreshComments } from "../refresh-comments.ts";
import type { SourceState } from "../schedule/source-state.ts";
import { storeRead } from "../store-read.ts";
import { toSource } from "../to-source.ts";

const debug = createDebug("sync");

/** The number of hinted issues of one connection to read concurrently; the HTTP client limits the requests themselves. */
const readsAtOnce = 3;

/** With more waiting issues of one source than this, polling its list of changes is cheaper. */
const crowdSize = 30;

type Waiting = {
  readonly state: SourceState;
  readonly nativeId: string;
  key: string;
  comments: boolean;
  gone: boolean;
};

export type HintQueue = {
  /** Queues an issue to be read again. Hints that arrive before the read share it. */
  add(state: SourceState, issue: NonNullable<WebhookHint["issue"]>, hint: WebhookHint): void;
  /** Whether issues of this source are waiting or being read. */
  has(state: SourceState): boolean;
  /** Drops waiting issues and waits for reads in flight. */
  stop(): Promise<void>;
};

export type HintQueueOptions = {
  readonly store: Store;
  readonly clock: Clock;
  readonly open: () => OpenConnection;
  readonly publish: (change: Change) => void;
  readonly signal: AbortSignal;
  /** Called when the source's list of changes must be polled instead: now, or when the connection is able to. */
  readonly onLeft: (state: SourceState, why: "crowd" | "failed") => void;
};

/** Reads the issues named by webhooks. Leaves what it cannot read to the next poll. */
export function createHintQueue(options: HintQueueOptions): HintQueue {
  const { store, clock, publish, signal, onLeft } = options;
  const waiting = new Map<string, Waiting>();
  const reading = new Map<string, Promise<void>>();
  const keyOf = ({ state, nativeId }: Pick<Waiting, "state" | "nativeId">) => `${state.row.id} ${nativeId}`;

  function pump(): void {
    for (const [key, next] of waiting) {
      if (signal.aborted || reading.size >= readsAtOnce) return;
      // Hinted again while being read: the answer in flight may be older than the hint.
      if (reading.has(key)) continue;
      waiting.delete(key);
      const work = follow(next).finally(() => {
        reading.delete(key);
        pump();
      });
      reading.set(key, work);
    }
  }

  async function follow(next: Waiting): Promise<void> {
    try {
      await read(next);
    } catch (cause) {
      if (signal.aborted) return;
      const error = toPanopticonError(cause);
      debug("%s: %s was told of and not read: %s", next.state.row.config.id, next.key, error.message);
      onLeft(next.state, "failed");
    }
  }

  async function read(next: Waiting): Promise<void> {
    const { state, nativeId, key, comments } = next;
    const { connection, monitor } = options.open();
    const { row } = state;
    if (isReserveReached(monitor.budget(), clock.now())) {
      onLeft(state, "failed");
      return;
    }
    const found = await connection.read(toSource(row), nativeId, key, signal);
    const change = await storeRead(store, row.id, nativeId, found);
    if (change !== null) publish(change);
    // Overtaken by the answer of an own write: the hinted change may be newer.
    if (change?.overtaken === true) waiting.set(keyOf(next), { ...next, ...waiting.get(keyOf(next)) });
    if (!comments || found.kind !== "issue") return;
    // Comments are mirrored only for issues that were opened.
    const id = await findIssue(state, nativeId, key);
    if (id === null) return;
    publish(
      await refreshComments({ store, clock, connection, row, issue: { id, nativeId, key: found.issue.key }, signal }),
    );
  }

  async function findIssue({ row }: SourceState, nativeId: string, key: string): Promise<number | null> {
    const { tracker } = row.config;
    const found = await store.board.find({ key, nativeId, tracker, prefix: null, sourceKey: null, host: null });
    for (const { id } of found) {
      const issue = await store.board.detail(id);
      if (issue.sourceId === row.id && issue.commentsAt !== null) return id;
    }
    return null;
  }

  return {
    add(state, { nativeId, key }, { comments, gone = false }) {
      const name = keyOf({ state, nativeId });
      const known = waiting.get(name);
      waiting.set(name, {
        state,
        nativeId,
        key: key === "" ? (known?.key ?? "") : key,
        comments: comments || known?.comments === true,
        gone: gone || known?.gone === true,
      });
      const crowd = [...waiting].filter(([, one]) => one.state === state && !one.gone);
      if (crowd.length > crowdSize) {
        for (const [each] of crowd) waiting.delete(each);
        onLeft(state, "crowd");
      }
      pump();
    },
    has: (state) =>
      [...waiting.values()].some((one) => one.state === state) ||
      [...reading.keys()].some((key) => key.startsWith(`${state.row.id} `)),
    async stop() {
      waiting.clear();
      await Promise.all(reading.values());
    },
  };
}
