import type { WireRequest } from "../server/http-server.ts";
import type { RouteContext } from "./routes.ts";
import { WriteError } from "./write-values.ts";

export type WriteRouteContext = RouteContext & {
  /** Whether invisible content is removed from rich text. */
  readonly isThorough: boolean;
};

/** The request's content: the object's name as written, and its attributes. */
export type Given = { readonly element: string; readonly fields: Readonly<Record<string, unknown>> };

/** Reads the object inside `{"Defect": {…}}`; the name is case-insensitive. */
export function readElement(request: WireRequest, type: string): Given {
  const body = parseJson(request.body);
  const [[element, fields] = ["", null], ...others] = Object.entries(body);
  const names = [type, type.split("/").at(-1)];
  if (others.length > 0 || !names.includes(element.toLowerCase()) || typeof fields !== "object" || fields === null) {
    throw new WriteError(`Could not parse: Expected an object named ${type} but found "${element}"`);
  }
  return { element, fields: { ...fields } };
}

export function parseJson(text: string): Record<string, unknown> {
  let body: unknown = null;
  try {
    body = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (typeof body === "object" && body !== null) return { ...body };
  throw new WriteError("Could not parse: the request's body is no JSON object");
}
