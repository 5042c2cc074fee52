import type { QueryClient } from "@tanstack/react-query";
import { afterPaint } from "../api/after-paint.ts";
import { isOutdated } from "../api/program.ts";
import { queryKeys } from "../api/queries.ts";
import type { ChangeStore } from "../changes/change-store.ts";
import { createAnnouncer } from "./announcer.ts";
import { listen } from "./listen.ts";
import type { LiveStore } from "./live-store.ts";
import { createPageData } from "./page-data.ts";
import type { LiveMessage } from "./protocol.ts";
import { readBehindAnswers } from "./read-behind.ts";
import { readAgain, repeatUnanswered } from "./repeat-reads.ts";

/** Follows the server's events and reads again what they say has changed. Returns how to stop. */
export function followServer(client: QueryClient, store: LiveStore, changes: ChangeStore): () => void {
  let catchUpTimer: ReturnType<typeof setTimeout> | undefined;
  const announcer = createAnnouncer(store);
  const page = createPageData(client, { store, changes, show: announcer.show });
  const leaveAnswers = readBehindAnswers(client, changes, page);
  const leaveFailures = repeatUnanswered(client, store);
  const leaveReads = client.getQueryCache().subscribe((event) => {
    if (event.type !== "updated" || event.action.type !== "success") return;
    // Data that was read again and is the same keeps its identity, but may now include changes that were laid over it.
    const [kind] = event.query.queryKey;
    if (kind === queryKeys.boards[0] || kind === queryKeys.issues[0]) changes.reread();
  });

  /** Refetches the board if it is older than the log; `andOthers`: also data that carries no sequence number. */
  const catchUpTo = (sequence: number, andOthers: boolean) => {
    clearTimeout(catchUpTimer);
    const active = page.activeBoard();
    if (active === undefined) {
      if (andOthers) page.readOthers();
    } else if (active.data === undefined) catchUpTimer = setTimeout(catchUpTo, 300, sequence, andOthers);
    else if (active.data.sequence < sequence) {
      page.board.ask();
      if (andOthers) page.readOthers();
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
          page.surroundings.ask();
          page.work.ask();
          page.views.ask();
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
      if (message.lastAt !== null && message.lastAt >= performance.timeOrigin) page.readOthers();
      if (message.sequence !== null) catchUpTo(message.sequence, false);
      return;
    }
    switch (message.name) {
      case "change": {
        const { sequence, refs, more } = message.data;
        page.name(refs);
        if (more) page.nameAll();
        // The first event of a stream only gives the log's position; refetch what is older.
        if (refs.length === 0 && !more) {
          catchUpTo(sequence, true);
          return;
        }
        page.board.ask();
        page.outbox.ask();
        page.surroundings.ask();
        return;
      }
      case "reload":
        page.reload();
        return;
      case "tracker":
        page.trackers.ask();
        return;
      case "progress": {
        const others = store.get().progress.filter(({ source }) => source !== message.data.source);
        store.set({ progress: message.data.finished ? others : [...others, message.data] });
        return;
      }
      case "workspace":
      case "agent":
        page.work.ask();
        return;
      case "view":
        page.views.ask();
        return;
      case "config":
        page.reload();
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
    leaveAnswers();
    leaveFailures();
    leaveReads();
    page.stop();
    announcer.stop();
    clearTimeout(catchUpTimer);
  };
}
