import type { QueryClient } from "@tanstack/react-query";
import { queryKeys } from "../api/queries.ts";
import { workKeys } from "../api/work-queries.ts";
import { changedCards, type BoardData, type CardChange } from "../board/data/board-data.ts";
import { keyNow } from "../board/data/new-names.ts";
import type { ChangeStore } from "../changes/change-store.ts";
import type { LiveStore } from "./live-store.ts";
import { createRefresher, type Refresher } from "./refresher.ts";

/** How long not to announce changes to cards that the user changed. */
const ownMs = 10_000;

/** What the page shows, as parts that are read again independently. */
export type PageData = {
  /** The board and the issues that were named since the last read. */
  readonly board: Refresher;
  readonly outbox: Refresher;
  readonly surroundings: Refresher;
  readonly trackers: Refresher;
  readonly work: Refresher;
  readonly views: Refresher;
  /** Names issues that have changed. */
  name(refs: Iterable<string>): void;
  /** From now until the next read of the board, any issue may have changed. */
  nameAll(): void;
  /** The board on the screen; undefined if there is none. */
  activeBoard(): { readonly data: BoardData | undefined } | undefined;
  /** Reads everything again that carries no sequence number. */
  readOthers(): void;
  reload(): void;
  stop(): void;
};

/** `show` receives the cards that others have changed. */
export function createPageData(
  client: QueryClient,
  { store, changes, show }: { store: LiveStore; changes: ChangeStore; show: (changes: readonly CardChange[]) => void },
): PageData {
  let named = new Set<string>();
  let everything = false;
  const readAnew = (work: () => Promise<void>, restMs: number) => createRefresher(work, restMs, store.hold.whenFree);

  const activeBoard = () =>
    client
      .getQueryCache()
      .findAll({ queryKey: queryKeys.boards, type: "active" })
      .map((query) => ({ key: query.queryKey, data: query.state.data as BoardData | undefined }))[0];

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

  const readOthers = () => {
    client
      .invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== queryKeys.boards[0] })
      .catch(() => undefined);
  };
  const parts = { board, outbox, surroundings, trackers, work, views };

  return {
    ...parts,
    name: (refs) => {
      for (const ref of refs) named.add(ref);
    },
    nameAll: () => {
      everything = true;
    },
    activeBoard,
    readOthers,
    reload: () => {
      everything = true;
      board.ask();
      readOthers();
    },
    stop: () => Object.values(parts).forEach((part) => part.stop()),
  };
}

/** The ref of a loaded issue, which may have been requested by another address. */
function refOf(data: unknown): string {
  return typeof data === "object" && data !== null && "ref" in data ? String(data.ref) : "";
}
