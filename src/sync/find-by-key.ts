import { isPanopticonError } from "../domain/error.ts";
import type { Store } from "../store/store.ts";
import type { ConnectionRunner } from "./connection/connection-runner.ts";
import { storeRead } from "./store-read.ts";
import { toSource } from "./to-source.ts";

type Asking = {
  readonly store: Store;
  /** Of one tracker. */
  readonly runners: readonly Asked[];
};

type Asked = Pick<ConnectionRunner, "config" | "open" | "publish">;

/** Fetches the issue with this key into the mirror; if it has another key now, this one is kept among its former keys. */
export async function findByKey(asking: Asking, key: string, signal: AbortSignal): Promise<boolean> {
  for (const runner of asking.runners) {
    try {
      if (await findOn(asking, runner, key, signal)) return true;
    } catch (error) {
      // A ref that cannot be looked up now counts as not found; the connection's status is shown with it.
      if (signal.aborted) return false;
      if (!isPanopticonError(error) || error.code === "internal") throw error;
    }
  }
  return false;
}

async function findOn({ store }: Asking, runner: Asked, key: string, signal: AbortSignal): Promise<boolean> {
  const { connection } = runner.open();
  const address = await connection.findByKey?.(key, signal);
  if (address == null) return false;
  const row = (await store.sources.list()).find(
    ({ config, info }) => config.connection === runner.config.id && info?.id === address.sourceId,
  );
  if (row === undefined) return false;
  const read = await connection.read(toSource(row), address.nativeId, address.key, signal);
  if (read.kind !== "issue") return false;
  const { issue } = read;
  const formerKeys = issue.key === key ? issue.formerKeys : [...new Set([...issue.formerKeys, key])];
  const change = await storeRead(store, row.id, address.nativeId, { ...read, issue: { ...issue, formerKeys } });
  if (change !== null) runner.publish(change);
  return true;
}
