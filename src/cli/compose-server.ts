import { existsSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import type { Paths } from "../config/config.ts";
import { PanopticonError } from "../domain/error.ts";
import { removeServerFile, writeServerFile } from "../server/server-file.ts";
import { createServer } from "../server/server.ts";
import type { Services } from "../server/services.ts";
import { readOrCreateToken } from "../server/access/session.ts";
import type { App, Serving, Surroundings } from "./app.ts";
import { readProcessStat } from "./server/process-stat.ts";
import { keepSecret, withoutSecrets } from "./secret-guard.ts";

export type ServeOptions = Pick<Surroundings, "env"> & {
  readonly paths: Pick<Paths, "home" | "envFile" | "tokenFile" | "serverFile">;
  readonly services: Omit<Services, "paths" | "token" | "webRoot" | "log">;
  /** Receives a function to call on shutdown, as soon as there is something to close. */
  readonly onClose: (close: () => Promise<void> | void) => void;
};

/** Starts the server, with the dashboard and a log on standard error, and writes its address to server.json. See `App.serve`. */
export async function listen(
  { paths, env, services, onClose }: ServeOptions,
  at: Parameters<App["serve"]>[0],
): Promise<Serving> {
  const token = await readOrCreateToken(paths.tokenFile);
  keepSecret(token);
  const log = pino(
    { level: env["LOG_LEVEL"] ?? "warn" },
    { write: (line) => process.stderr.write(withoutSecrets(line)) },
  );
  const server = createServer({ ...services, paths, token, webRoot: findWebRoot(), log }, at);
  const started = await server.start();
  onClose(() => server.stop());
  const begin = readProcessStat(process.pid)?.begin;
  const { version } = services;
  await writeServerFile(paths.serverFile, { pid: process.pid, url: started.url, token, version, begin });
  onClose(() => removeServerFile(paths.serverFile, process.pid));
  return { ...started, address: server.address(), openAddress: () => server.openAddress() };
}

/** The built dashboard: next to the bundle, or in a checkout's dist/. */
function findWebRoot(): string {
  const places = [join(import.meta.dirname, "web"), join(import.meta.dirname, "..", "..", "dist", "web")];
  const found = places.find((place) => existsSync(join(place, "index.html")));
  if (found !== undefined) return found;
  throw new PanopticonError("internal", "The dashboard files are missing from this installation.", {
    hint: "In a checkout, run npm run build. Otherwise reinstall Panopticon.",
  });
}
