import type { ConnectionConfig } from "../../domain/credentials.ts";
import type { PanopticonError } from "../../domain/error.ts";
import { missingCredentials } from "./missing-credentials.ts";
import type { SourceState } from "../schedule/source-state.ts";
import type { Health } from "../sync-engine.ts";

/** The health of a connection after this failure. */
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

/** Whether a failure is the tracker's own answer, so that it is reachable and accepts the credentials. */
export function isAnswer({ code }: PanopticonError): boolean {
  return ["forbidden", "not_found", "gone", "invalid_input", "rate_limited"].includes(code);
}

/** The facts that a connection's health is computed from. */
export type Vitals = {
  readonly config: ConnectionConfig;
  readonly now: number;
  readonly pausedUntil: number | null;
  /** An error of the connection as a whole: credentials, network. */
  readonly trouble: PanopticonError | null;
  readonly states: readonly SourceState[];
};

/** The worst problem of a connection that the user should know; `errorOf` returns why. */
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

/** Whether the user means to use this connection: a project uses it, or a credential is set (a default does not count). */
function isWanted({ config, states }: Pick<Vitals, "config" | "states">): boolean {
  return states.length > 0 || Object.keys(config.values).some((name) => config.origins[name]?.kind !== "default");
}
