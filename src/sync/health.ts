import type { PanopticonError } from "../domain/error.ts";
import type { Health } from "./sync-engine.ts";

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
