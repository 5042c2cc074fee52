import { existsSync } from "node:fs";
import { readDatabaseUrl } from "../config/database-url.ts";
import { systemClock } from "../domain/clock.ts";
import { isPanopticonError } from "../domain/error.ts";
import { openStore } from "../store/open-store.ts";
import type { OpenMirror } from "./app.ts";
import { secretsOf } from "./database-secrets.ts";
import { keepSecret } from "./secret-guard.ts";

export const openMirror: OpenMirror = async ({ paths, env }) => {
  const databaseUrl = await readDatabaseUrl(paths, env);
  keepSecret(...secretsOf(databaseUrl));
  if (databaseUrl === null && !existsSync(paths.databaseFile)) return null;
  try {
    const store = await openStore({ databaseUrl, file: paths.databaseFile, clock: systemClock, readOnly: true });
    return { store, close: () => store.close() };
  } catch (error) {
    // A database without tables yet.
    if (isPanopticonError(error) && error.code === "not_found") return null;
    throw error;
  }
};
