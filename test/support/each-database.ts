import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "node:test";
import { openStore } from "../../src/store/open-store.ts";
import type { StoreOptions } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store.ts";
import { after } from "./hooks.ts";
import { putEmptyMirror } from "./empty-mirror.ts";
import { startPostgres } from "./postgres.ts";
import { createVirtualClock } from "./virtual-clock.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** The location of a mirror; empty at first. */
export type Place = { readonly databaseUrl: string | null; readonly file: string };

export type Databases = {
  readonly kind: "SQLite" | "PostgreSQL";
  /** Creates an empty location; its stores are closed and its files removed after the tests. */
  readonly createPlace: () => Promise<Place>;
  /** Opens a mirror, in a new location unless one is given. */
  readonly open: (options?: Partial<StoreOptions>) => Promise<Store>;
  /** The default clock of the stores. */
  readonly clock: VirtualClock;
};

/** Runs the same tests on both databases. */
export function onEachDatabase(define: (databases: Databases) => void): void {
  for (const kind of ["SQLite", "PostgreSQL"] as const) {
    describe(`on ${kind}`, () => {
      const clock = createVirtualClock();
      const folders: string[] = [];
      const stores: Store[] = [];
      const makeFolder = () => {
        const folder = mkdtempSync(join(tmpdir(), "pan-store-"));
        folders.push(folder);
        return folder;
      };
      const createPlace = async (): Promise<Place> => {
        const folder = makeFolder();
        const databaseUrl = kind === "PostgreSQL" ? await (await startPostgres()).createDatabase() : null;
        return { databaseUrl, file: join(folder, "mirror.db") };
      };
      const createEmptyMirror = async (): Promise<Place> => {
        const folder = makeFolder();
        const file = join(folder, "mirror.db");
        if (kind === "PostgreSQL") return { databaseUrl: await (await startPostgres()).createMirror(), file };
        await putEmptyMirror(file);
        return { databaseUrl: null, file };
      };
      after(async () => {
        for (const store of stores) await store.close();
        for (const folder of folders) rmSync(folder, { recursive: true, force: true });
      });
      define({
        kind,
        clock,
        createPlace,
        open: async (options = {}) => {
          const place = options.file === undefined ? await createEmptyMirror() : {};
          const store = await openStore({ databaseUrl: null, file: "", clock, ...place, ...options });
          stores.push(store);
          return store;
        },
      });
    });
  }
}

/** Makes a store mirror these sources, and describes new ones, so that they accept pages; returns their ids. */
export async function addSources(
  store: Store,
  ...sources: readonly Parameters<Store["sources"]["reconcile"]>[0][number][]
) {
  const { mapping, sourceInfo, vocabulary } = await import("./store-fixtures.ts");
  await store.sources.reconcile(sources);
  const rows = await store.sources.list();
  for (const row of rows) {
    if (row.mapping === null) await store.sources.saveSchema(row.id, { info: sourceInfo, vocabulary, mapping, at: 1 });
  }
  return rows.map((row) => row.id);
}
