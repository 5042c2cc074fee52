import { randomUUID } from "node:crypto";
import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import { PanopticonError } from "../../domain/error.ts";
import type { ServerEnv } from "../env.ts";
import type { Actor } from "../../domain/operation.ts";
import type { Session } from "./session.ts";

/** The header by which a program identifies itself; its `undo` applies to its last change. */
export const clientHeader = "x-panopticon-client";

/** The header by which a caller names the step that a change is part of: calls with one name are undone together. */
export const changeHeader = "x-panopticon-change";

/** The callers that are displayed by their kind; any other program is `api`. */
const kinds = ["cli", "agent"] as const;

/**
 * Who makes a change: a browser by its cookie; a program by the name it sends (`cli`, `agent claude`), `api` without one. Also the step that it is part of, by
 * default its own. Throws `invalid_input` for an invalid name of a step.
 */
export function readCaller(
  { session, port }: { readonly session: Session; readonly port: number },
  c: Context,
): ServerEnv["Variables"]["by"] {
  const change = readChange(c);
  const cookie = c.req.header("authorization") === undefined ? getCookie(c, session.cookieName(port)) : undefined;
  if (cookie !== undefined) return { actor: { kind: "user" }, session: `browser ${session.browserOf(cookie)}`, change };
  const written = c.req.header(clientHeader)?.trim() ?? "";
  const name = /^[\w.:@/+ -]{1,64}$/.test(written) ? written : "";
  return { actor: toActor(name), session: name === "" ? "api" : `client ${name}`, change };
}

function readChange(c: Context): string {
  const written = c.req.header(changeHeader);
  if (written === undefined) return randomUUID();
  if (/^[\x21-\x7e]{1,255}$/.test(written)) return written;
  throw new PanopticonError("invalid_input", "X-Panopticon-Change must be 1 to 255 visible characters.");
}

function toActor(name: string): Actor {
  const [first = "", ...rest] = name.split(/[ :]/);
  const kind = kinds.find((known) => known === first) ?? "api";
  const more = (kind === "api" ? name : rest.join(" ")).trim();
  return more === "" ? { kind } : { kind, name: more };
}
