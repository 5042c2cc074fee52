import type { ConnectionConfig } from "../../domain/credentials.ts";
import { PanopticonError } from "../../domain/error.ts";

/** The error for missing credentials, which says what to set and where. */
export function missingCredentials({ missing, tracker }: ConnectionConfig): PanopticonError {
  const names = missing.map((field) => field.env[0] ?? field.label);
  const [are, them] = names.length === 1 ? ["is", "it"] : ["are", "them"];
  return new PanopticonError("auth", `${names.join(" and ")} ${are} not set.`, {
    tracker,
    hint: `Add ${them} to ~/.panopticon.env or to the environment. ${missing.map((field) => field.help).join(" ")}`,
  });
}
