import { type Query, type QueryClient, useQueryClient } from "@tanstack/react-query";
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
import { keyNow } from "../board/data/new-names.ts";
import { createLiveStore, LiveContext, type LiveStore } from "./live-store.ts";
import type { LiveMessage } from "./protocol.ts";
import { createRefresher } from "./refresher.ts";

const freshMs = 1600;
/** How long not to announce changes to cards that the user changed. */
const ownMs = 10_000;
/** Retry a read that failed although the stream is up after this time. */
const askAgainMs = 3000;
/** How long after a change's response its event may arrive. */
const eventMs = 1000;

/** Follows the server's events and keeps the page's data up to date. */
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

/** Whether a read failed because the server did not respond. */
function isSilence(error: unknown): boolean {
  return isApiError(error) && error.code === "server_unreachable";
}

/** Repeats failed reads and those in flight: on a connection that broke silently, their response may never arrive. */
async function readAgain(client: QueryClient): Promise<void> {
  const waiting = new Set(client.getQueryCache().findAll({ fetchStatus: "fetching" }));
  await client.cancelQueries({ fetchStatus: "fetching" });
  await client.invalidateQueries({ predicate: (query) => query.state.status === "error" || waiting.has(query) });
}

/** The ref of a loaded issue, which may have been requested by another address. */
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
      .map(({ key }) => keyNow(key));
    show(changedCards(before.data, after.data, refs, new Set(own)));
  }, 250);

  const outbox = readAnew(async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: queryKeys.outbox }),
      client.invalidateQueries({ queryKey: queryKeys.kept }),
      client.invalidateQueries({ queryKey: queryKeys.history }),
    ]);
  }, 400);

  // Sidebar counts and filter values may lag a little.
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

  const views = readAnew(async () => {
    // The page's own change reads them when it is answered; before that, what is read may be from before it.
    if (client.isMutating({ mutationKey: queryKeys.views }) > 0) return;
    await client.invalidateQueries({ queryKey: queryKeys.views });
  }, 200);

  /** Refetches everything that carries no sequence number. */
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

  // The event of a change may arrive before its response: data read on the event then counts as older than the change, and no other event may follow.
  let answeredAt = 0;
  let afterAnswer: ReturnType<typeof setTimeout> | undefined;
  const readBehind = () => {
    afterAnswer = undefined;
    const isBehind = ({ queryKey: [kind], state: { data } }: Query) =>
      (kind === queryKeys.boards[0] || kind === queryKeys.issues[0]) &&
      typeof data === "object" &&
      data !== null &&
      readTime(data) < answeredAt;
    // What is not on the screen is read again when it is.
    client.invalidateQueries({ type: "inactive", refetchType: "none", predicate: isBehind }).catch(() => undefined);
    if (client.getQueryCache().findAll({ type: "active", predicate: isBehind }).length === 0) return;
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

  // Events are delivered once: if the read that an event triggered fails, the page would stay outdated until the next event.
  let askAgain: ReturnType<typeof setTimeout> | undefined;
  const leaveQueries = client.getQueryCache().subscribe((event) => {
    if (event.type === "updated" && event.action.type === "success") {
      // Data that was read again and is the same keeps its identity, but may now include changes that were laid over it.
      const [kind] = event.query.queryKey;
      if (kind === queryKeys.boards[0] || kind === queryKeys.issues[0]) changes.reread();
      return;
    }
    if (event.type !== "updated" || event.action.type !== "error" || !isSilence(event.action.error)) return;
    askAgain ??= setTimeout(() => {
      askAgain = undefined;
      // When a lost stream returns, everything is read again anyway.
      if (store.get().connection === "lost") return;
      client
        .invalidateQueries({ type: "active", predicate: ({ state: { error } }) => isSilence(error) })
        .catch(() => undefined);
    }, askAgainMs);
  });

  /** Refetches the board if it is older than the log; `andOthers`: also data that carries no sequence number. */
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
        // Repeat what failed meanwhile; what changed meanwhile arrives as events.
        if (before.connection === "lost") {
          readAgain(client).catch(() => undefined);
          surroundings.ask();
          work.ask();
          views.ask();
          // A restarted server may be a newer version.
          void isOutdated().then((outdated) => outdated && store.set({ outdated }));
        }
      } else {
        store.set({ connection: "lost", lostAt: before.lostAt ?? Date.now(), progress: [] });
      }
      return;
    }
    if (message.kind === "joined") {
      // Events between the page's first reads and joining the stream were missed.
      if (message.lastAt !== null && message.lastAt >= performance.timeOrigin) readOthers();
      if (message.sequence !== null) catchUpTo(message.sequence, false);
      return;
    }
    switch (message.name) {
      case "change": {
        const { sequence, refs, more } = message.data;
        for (const ref of refs) named.add(ref);
        everything ||= more;
        // The first event of a stream only gives the log's position; refetch what is older.
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
      case "view":
        views.ask();
        return;
      case "config":
        reload();
        return;
    }
  };

  let stop: (() => void) | null = null;
  let left = false;
  // No changes are missed meanwhile: the stream starts with the change log's position.
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
    views.stop();
    clearTimeout(freshTimer);
    clearTimeout(catchUpTimer);
  };
}
