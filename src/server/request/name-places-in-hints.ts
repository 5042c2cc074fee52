import type { MiddlewareHandler } from "hono";
import { namePlaces } from "../../config/name-places.ts";
import type { ServerEnv } from "../env.ts";
import type { Services } from "../services.ts";

/** A `hint` in serialized JSON. It never matches inside a string, such as an issue's text, because quotation marks there follow a backslash. */
const hints = /(?<="hint":)"(?:[^"\\]|\\.)*"/g;

/** Hints name Panopticon's files where they are by default. If `PANOPTICON_HOME` put them elsewhere, every response names them there. */
export function namePlacesInHints(paths: Services["paths"]): MiddlewareHandler<ServerEnv> {
  const named = (text: string) => namePlaces(text, paths);
  const areElsewhere = ["~/.panopticon.env", "~/.panopticon/"].some((place) => named(place) !== place);
  return async (c, next) => {
    await next();
    if (!areElsewhere || !isOwnJson(c.res)) return;
    const text = await c.res.clone().text();
    const renamed = text.replaceAll(hints, (hint) =>
      hint.includes("~/.panopticon") ? JSON.stringify(named(JSON.parse(hint) as string)) : hint,
    );
    if (renamed !== text) c.res = new Response(renamed, c.res);
  };
}

/** Downloads are other people's files, whatever their type. */
function isOwnJson({ headers }: Response): boolean {
  const type = headers.get("content-type") ?? "";
  return /^application\/(?:problem\+)?json\b/.test(type) && !headers.has("content-disposition");
}
