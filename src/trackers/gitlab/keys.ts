import { PanopticonError } from "../../domain/error.ts";

export function keyOf(iid: number | string): string {
  return `!${iid}`;
}

/** `!23` → `23`. Throws `invalid_input` for an invalid key. */
export function iidOf(key: string): string {
  const iid = /^!(\d+)$/.exec(key)?.[1];
  if (iid === undefined) {
    throw new PanopticonError("invalid_input", `"${key}" is not a GitLab issue number.`, { tracker: "gitlab" });
  }
  return iid;
}
