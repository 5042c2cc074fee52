import type { IssueAddress } from "../../domain/operation.ts";
import { storeRead } from "../store-read.ts";
import { toSource } from "../to-source.ts";
import type { PushContext } from "./push-context.ts";

/**
 * Reads another issue of the connection that a write changes too, often without a new update time; returns a function that stores what was read. An issue that
 * cannot be read is updated with its next read. Throws only if the sending is aborted.
 */
export async function readOther(
  { store, connection, row, signal, publish }: PushContext,
  other: IssueAddress,
): Promise<() => Promise<void>> {
  const home = (await store.sources.list()).find(
    ({ config }) => config.connection === row.config.connection && config.key === other.sourceKey,
  );
  if (home === undefined) return () => Promise.resolve();
  try {
    const read = await connection.read(toSource(home), other.nativeId, other.key, signal);
    return async () => {
      const change = await storeRead(store, home.id, other.nativeId, read);
      if (change !== null) publish(change);
    };
  } catch (error) {
    if (signal.aborted) throw error;
    return () => Promise.resolve();
  }
}
