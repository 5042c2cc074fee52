import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { statusLabels } from "../../../src/domain/status.ts";
import { afterPaint } from "../api/after-paint.ts";
import { isApiError } from "../api/client.ts";
import { isOutdated } from "../api/program.ts";
import { queryKeys } from "../api/queries.ts";
import { workKeys } from "../api/work-queries.ts";
import type { ChangeStore } from "../changes/change-store.ts";
import { useChangeStore } from "../changes/local-changes.tsx";
import { readTime } from "../api/read-times.ts";
import { cardKey, changedCards, type BoardData, type CardChange } from "../board/data/board-data.ts";
import { listen } from "./listen.ts";
import { createLiveStore, LiveContext, type LiveStore } from "./live-store.ts";
import type { LiveMessage } from "./protocol.ts";
import { createRefresher } from "./refresher.ts";

const freshMs = 1600;
/** So long a change of the user's own is not told back to them. */
const ownMs = 10_000;
/** A read that got no answer although the stream stands is tried again after this. */
const askAgainMs = 3000;
/** So long the event of a change may come after its answer. */
const eventMs = 1000;

/** Listens to the server's events and keeps what is on the screen true. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const changes = useChangeStore();
  const [store] = useState(createLiveStore);
  useEffect(() => follow(client, store, changes), [client, store, changes]);
  return <LiveContext value={store}>{children}</LiveContext>;
}

function describe({ issue, from }: CardChange): string {
  if (from !== null && from !== issue.status) return `${issue.ref} moved to ${statusLabels[issue.status]}`;
  return from === null ? `${issue.ref} is now in ${statusLabels[issue.status]}` : `${issue.ref} changed`;
}

/** Whether a read failed because nobody answered. */
function isSilence(error: unknown): boolean {
  return isApiError(error) && error.code === "server_unreachable";
}

/** Makes the reads again that failed, and those that no answer has come to: it may never come on a line that broke without a word, and what waits for them would wait for ever. */
async function readAgain(client: QueryClient): Promise<void> {
  const waiting = new Set(client.getQueryCache().findAll({ fetchStatus: "fetching" }));
  await client.cancelQueries({ fetchStatus: "fetching" });
  await client.invalidateQueries({ predicate: (query) => query.state.status === "error" || waiting.has(query) });
}

/** The ref of a loaded issue, which may have been opened by another address. */
function refOf(data: unknown): string {
  return typeof data === "object" && data !== null && "ref" in data ? String(data.ref) : "";
}

function follow(client: QueryClient, store: LiveStore, changes: ChangeStore): () => void {
  let named = new Set<string>();
  let everything = false;
  let freshTimer: ReturnType<typeof setTimeout> | undefined;
  let catchUpTimer: ReturnType<typeof setTimeout> | undefined;
  const readAnew = (work: () => Promise<void>, restMs: number) => createRefresher(work, restMs, store.hold.whenFree);

  const activeBoard = () =>
    client
      .getQueryCache()
      .findAll({ queryKey: queryKeys.boards, type: "active" })
      .map((query) => ({ key: query.queryKey, data: query.state.data as BoardData | undefined }))[0];

  const show = (changes: readonly CardChange[]) => {
    if (changes.length === 0) return;
    const words =
      changes.length <= 3 ? changes.map(describe).join(", ") : `${changes.length} issues on the board changed`;
    store.set({ fresh: new Set(changes.map(({ issue }) => cardKey(issue))), announcement: words });
    clearTimeout(freshTimer);
    freshTimer = setTimeout(() => store.set({ fresh: new Set() }), freshMs);
  };

  const board = readAnew(async () => {
    const refs = named;
    const all = everything;
    named = new Set();
    everything = false;
    const before = activeBoard();
    await Promise.all([
      client.invalidateQueries({ queryKey: queryKeys.boards }),
      client.invalidateQueries({
        queryKey: queryKeys.issues,
        predicate: ({ queryKey, state }) => all || refs.has(String(queryKey[1])) || refs.has(refOf(state.data)),
      }),
    ]);
    const after = activeBoard();
    if (all || before?.data === undefined || after?.data === undefined || before.key !== after.key) return;
    const own = changes
      .get()
      .filter(({ answeredAt }) => answeredAt === null || answeredAt > performance.now() - ownMs)
      .map(({ key }) => key);
    show(changedCards(before.data, after.data, refs, new Set(own)));
  }, 250);

  const outbox = readAnew(async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: queryKeys.outbox }),
      client.invalidateQueries({ queryKey: queryKeys.history }),
    ]);
  }, 400);

  // Counts in the sidebar and values to filter by may be a little behind.
  const surroundings = readAnew(async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: queryKeys.counts }),
      client.invalidateQueries({ queryKey: queryKeys.trackers }),
      client.invalidateQueries({ queryKey: queryKeys.facets }),
    ]);
  }, 3000);

  const trackers = readAnew(() => client.invalidateQueries({ queryKey: queryKeys.trackers }), 500);

  const work = readAnew(async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: workKeys.agents }),
      client.invalidateQueries({ queryKey: workKeys.workspaces }),
    ]);
  }, 200);

  /** Reads all anew that does not say how far it is. */
  const readOthers = () => {
    client
      .invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== queryKeys.boards[0] })
      .catch(() => undefined);
  };
  const reload = () => {
    everything = true;
    board.ask();
    readOthers();
  };

  // The event of a change may outrun its answer: what was read at the event then counts as read before the change, and no other event need come.
  let answeredAt = 0;
  let afterAnswer: ReturnType<typeof setTimeout> | undefined;
  const readBehind = () => {
    afterAnswer = undefined;
    const behind = client.getQueryCache().findAll({
      type: "active",
      predicate: ({ queryKey: [kind], state: { data } }) =>
        (kind === queryKeys.boards[0] || kind === queryKeys.issues[0]) &&
        typeof data === "object" &&
        data !== null &&
        readTime(data) < answeredAt,
    });
    if (behind.length === 0) return;
    for (const { answeredAt: at, before, answer } of changes.get()) {
      const address = (answer ?? before)?.address;
      if (at !== null && address !== undefined) named.add(address);
    }
    board.ask();
  };
  const leaveChanges = changes.subscribe(() => {
    const last = Math.max(0, ...changes.get().map((change) => change.answeredAt ?? 0));
    if (last <= answeredAt) return;
    answeredAt = last;
    afterAnswer ??= setTimeout(readBehind, eventMs);
  });

  // An event is told once: a read for which it was the reason, and which got no answer, would leave what is shown behind until the next one.
  let askAgain: ReturnType<typeof setTimeout> | undefined;
  const leaveQueries = client.getQueryCache().subscribe((event) => {
    if (event.type !== "updated" || event.action.type !== "error" || !isSilence(event.action.error)) return;
    askAgain ??= setTimeout(() => {
      askAgain = undefined;
      // A stream that is lost tells when it is back.
      if (store.get().connection === "lost") return;
      client
        .invalidateQueries({ type: "active", predicate: ({ state: { error } }) => isSilence(error) })
        .catch(() => undefined);
    }, askAgainMs);
  });

  /** Reads the board anew where it is older than the log; `andOthers`: also what was read beside it, which does not say how old it is. */
  const catchUpTo = (sequence: number, andOthers: boolean) => {
    clearTimeout(catchUpTimer);
    const active = activeBoard();
    if (active === undefined) {
      if (andOthers) readOthers();
    } else if (active.data === undefined) catchUpTimer = setTimeout(catchUpTo, 300, sequence, andOthers);
    else if (active.data.sequence < sequence) {
      board.ask();
      if (andOthers) readOthers();
    }
  };

  const onMessage = (message: LiveMessage) => {
    if (message.kind === "state") {
      const before = store.get();
      if (message.state === "open") {
        store.set({ connection: "open", lostAt: null });
        // What failed meanwhile is asked for again; what changed meanwhile comes as events.
        if (before.connection === "lost") {
          readAgain(client).catch(() => undefined);
          surroundings.ask();
          work.ask();
          // A server that was restarted may be a later one.
          void isOutdated().then((outdated) => outdated && store.set({ outdated }));
        }
      } else {
        store.set({ connection: "lost", lostAt: before.lostAt ?? Date.now(), progress: [] });
      }
      return;
    }
    if (message.kind === "joined") {
      // Between the page's first reads and its joining it was told nothing.
      if (message.lastAt !== null && message.lastAt >= performance.timeOrigin) readOthers();
      if (message.sequence !== null) catchUpTo(message.sequence, false);
      return;
    }
    switch (message.name) {
      case "change": {
        const { sequence, refs, more } = message.data;
        for (const ref of refs) named.add(ref);
        everything ||= more;
        // The first event of a stream only says where the log stands: what is older is read again.
        if (refs.length === 0 && !more) {
          catchUpTo(sequence, true);
          return;
        }
        board.ask();
        outbox.ask();
        surroundings.ask();
        return;
      }
      case "reload":
        reload();
        return;
      case "tracker":
        trackers.ask();
        return;
      case "progress": {
        const others = store.get().progress.filter(({ source }) => source !== message.data.source);
        store.set({ progress: message.data.finished ? others : [...others, message.data] });
        return;
      }
      case "workspace":
      case "agent":
        work.ask();
        return;
      case "config":
        reload();
        return;
    }
  };

  let stop: (() => void) | null = null;
  let left = false;
  // Changes of the meantime are not lost: the stream begins with where the change log stands.
  afterPaint(() => {
    if (!left) stop = listen(onMessage);
  });
  return () => {
    left = true;
    stop?.();
    leaveChanges();
    leaveQueries();
    clearTimeout(askAgain);
    clearTimeout(afterAnswer);
    board.stop();
    outbox.stop();
    surroundings.stop();
    trackers.stop();
    work.stop();
    clearTimeout(freshTimer);
    clearTimeout(catchUpTimer);
  };
}
