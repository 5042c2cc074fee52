import { PanopticonError } from "../../domain/error.ts";

/** `#45` → `45`. Throws `invalid_input` for another tracker's key. */
export function numberOf(key: string): string {
  const number = /^#(\d+)$/.exec(key)?.[1];
  if (number === undefined) {
    throw new PanopticonError("invalid_input", `"${key}" is not an issue number.`, { tracker: "github" });
  }
  return number;
}
