import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import type { ChangeBy } from "../../changes/changes.ts";
import type { Actor } from "../../domain/operation.ts";
import type { Session } from "./session.ts";

/** The header by which a program says what it is; its last change is what its `undo` means. */
export const clientHeader = "x-panopticon-client";

/** The callers that are shown as what they are; any other program is `api`. */
const kinds = ["cli", "agent"] as const;

/** Who makes a change: a browser by its cookie; a program by the name it gives (`cli`, `agent claude`), `api` without one. */
export function readCaller(
  { session, port }: { readonly session: Session; readonly port: number },
  c: Context,
): ChangeBy {
  const cookie = c.req.header("authorization") === undefined ? getCookie(c, session.cookieName(port)) : undefined;
  if (cookie !== undefined) return { actor: { kind: "user" }, session: `browser ${session.browserOf(cookie)}` };
  const written = c.req.header(clientHeader)?.trim() ?? "";
  const name = /^[\w.:@/+ -]{1,64}$/.test(written) ? written : "";
  return { actor: toActor(name), session: name === "" ? "api" : `client ${name}` };
}

function toActor(name: string): Actor {
  const [first = "", ...rest] = name.split(/[ :]/);
  const kind = kinds.find((known) => known === first) ?? "api";
  const more = (kind === "api" ? name : rest.join(" ")).trim();
  return more === "" ? { kind } : { kind, name: more };
}
