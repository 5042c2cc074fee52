import type { ConnectionConfig } from "../../domain/credentials.ts";
import type { PanopticonError } from "../../domain/error.ts";
import type { Account } from "../../trackers/tracker.ts";
import type { OpenConnection } from "./open-connection.ts";
import type { SourceState } from "../schedule/source-state.ts";

/** The in-memory state of a connection, shared by the parts of its runner. */
export type ConnectionState = {
  readonly config: ConnectionConfig;
  /** By the source's id in the store. */
  readonly sources: Map<number, SourceState>;
  /** null until the first request. */
  opened: OpenConnection | null;
  /** null until the tracker has identified the credentials' account. */
  account: Account | null;
  /** An error of the connection as a whole: credentials, network. */
  trouble: PanopticonError | null;
  /** Running turns. */
  running: number;
};

export function createConnectionState(config: ConnectionConfig): ConnectionState {
  return { config, sources: new Map(), opened: null, account: null, trouble: null, running: 0 };
}

/** When one source probes refused credentials for all; null: they are not refused, or no source has met the refusal yet. */
export function probeAt({ trouble, sources }: Pick<ConnectionState, "trouble" | "sources">): number | null {
  if (trouble?.code !== "auth") return null;
  const refused = [...sources.values()].filter(({ error }) => error?.code === "auth");
  return refused.length === 0 ? null : Math.max(...refused.map(({ dueAt }) => dueAt));
}

/** Whether an error affects the connection as a whole, whatever the request was. */
export function isTrouble({ code }: PanopticonError): boolean {
  return code === "auth" || code === "unreachable";
}
