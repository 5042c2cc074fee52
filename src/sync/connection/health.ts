import type { ConnectionConfig } from "../../domain/credentials.ts";
import type { PanopticonError } from "../../domain/error.ts";
import { missingCredentials } from "./missing-credentials.ts";
import type { SourceState } from "../schedule/source-state.ts";
import type { Health } from "../sync-engine.ts";

/** What a failure says about its connection. */
export function healthOf(error: PanopticonError): Health {
  switch (error.code) {
    case "auth":
      return "auth";
    case "rate_limited":
      return "limited";
    case "forbidden":
    case "not_found":
    case "gone":
    case "invalid_input":
      return "misconfigured";
    default:
      return "unreachable";
  }
}

/** Whether a failure is a tracker's own answer: it is there, and takes the credentials. */
export function isAnswer({ code }: PanopticonError): boolean {
  return ["forbidden", "not_found", "gone", "invalid_input", "rate_limited"].includes(code);
}

/** What is known of a connection when its health is asked for. */
export type Vitals = {
  readonly config: ConnectionConfig;
  readonly now: number;
  readonly pausedUntil: number | null;
  /** Trouble of the connection as a whole: credentials, network. */
  readonly trouble: PanopticonError | null;
  readonly states: readonly SourceState[];
};

/** The worst that the user should know of a connection; `errorOf` says why. */
export function connectionHealth(vitals: Vitals): Health {
  const { config, now, pausedUntil, trouble, states } = vitals;
  if (config.missing.length > 0) return isWanted(vitals) ? "misconfigured" : "not_configured";
  if (pausedUntil !== null && pausedUntil > now) return "limited";
  if (trouble !== null) return healthOf(trouble);
  if (states.some((state) => state.error?.code === "rate_limited" && state.dueAt > now)) return "limited";
  const failed = states.find((state) => state.error !== null && state.error.code !== "rate_limited");
  if (failed?.error) return healthOf(failed.error);
  return states.some((state) => state.progress !== null) ? "syncing" : "ok";
}

/** The error behind a connection's health, or null. */
export function errorOf(vitals: Pick<Vitals, "config" | "trouble" | "states">): PanopticonError | null {
  const { config, trouble, states } = vitals;
  if (config.missing.length > 0) return isWanted(vitals) ? missingCredentials(config) : null;
  return trouble ?? states.find((state) => state.error !== null)?.error ?? null;
}

/** Somebody means to use this connection: a project does, or a credential is there (a default does not count). */
function isWanted({ config, states }: Pick<Vitals, "config" | "states">): boolean {
  return states.length > 0 || Object.keys(config.values).some((name) => config.origins[name]?.kind !== "default");
}
