import type { ConnectionConfig } from "../../domain/credentials.ts";
import type { PanopticonError } from "../../domain/error.ts";
import type { Account } from "../../trackers/tracker.ts";
import type { OpenConnection } from "./open-connection.ts";
import type { SourceState } from "../schedule/source-state.ts";

/** What is known of one connection while the process runs: the parts of its runner share it. */
export type ConnectionState = {
  readonly config: ConnectionConfig;
  /** By the source's number in the store. */
  readonly sources: Map<number, SourceState>;
  /** null until something is to be asked. */
  opened: OpenConnection | null;
  /** null until the tracker has said whose credentials these are. */
  account: Account | null;
  /** Trouble of the connection as a whole: credentials, network. */
  trouble: PanopticonError | null;
  /** Turns under way. */
  running: number;
};

export function createConnectionState(config: ConnectionConfig): ConnectionState {
  return { config, sources: new Map(), opened: null, account: null, trouble: null, running: 0 };
}

/** When refused credentials are tried again, by one source for all of them; null: they are not refused, or no source has met that yet. */
export function probeAt({ trouble, sources }: Pick<ConnectionState, "trouble" | "sources">): number | null {
  if (trouble?.code !== "auth") return null;
  const refused = [...sources.values()].filter(({ error }) => error?.code === "auth");
  return refused.length === 0 ? null : Math.max(...refused.map(({ dueAt }) => dueAt));
}

/** Whether an error says that the connection as a whole is in trouble, whatever was asked. */
export function isTrouble({ code }: PanopticonError): boolean {
  return code === "auth" || code === "unreachable";
}
