import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/domain/clock.ts";
import { openStore } from "../../src/store/open-store.ts";

let empty: Promise<Buffer> | null = null;

/** Puts an empty mirror with this version's schema where there is none: most of the tests that need one are not about how it comes about, which takes the longest. */
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
