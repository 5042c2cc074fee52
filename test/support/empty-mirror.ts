import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/domain/clock.ts";
import { openStore } from "../../src/store/open-store.ts";

let empty: Promise<Buffer> | null = null;

/** Copies an empty mirror with the current schema to `file` if there is none, because creating it is slow and irrelevant to most tests. */
export async function putEmptyMirror(file: string): Promise<void> {
  empty ??= make();
  const bytes = await empty;
  await writeFile(file, bytes, { flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
}

async function make(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "pan-empty-"));
  try {
    const file = join(folder, "mirror.db");
    const store = await openStore({ databaseUrl: null, file, clock: systemClock });
    await store.close();
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
