import type { AnswerHeaders } from "./http-client.ts";
import { PanopticonError } from "../../domain/error.ts";
import { parseJson } from "./parse-json.ts";

export type ParsedAnswer =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly error: PanopticonError; readonly retry: boolean };

/** Parses a response's JSON. A web page means a wrong address; incomplete JSON can be retried. */
export function parseAnswer(
  answer: { readonly headers: AnswerHeaders; readonly text: string },
  context: { readonly tracker: string; readonly request: string; readonly host: string },
): ParsedAnswer {
  if (answer.text === "") return { ok: true, body: undefined };
  try {
    return { ok: true, body: parseJson(answer.text) };
  } catch (cause) {
    const isPage =
      (answer.headers.get("content-type") ?? "").includes("html") || answer.text.trimStart().startsWith("<");
    const error = isPage
      ? new PanopticonError("invalid_response", `${context.host} responded with a web page instead of data.`, {
          tracker: context.tracker,
          request: context.request,
          hint: "The address is probably that of the website; use the address of the API.",
        })
      : new PanopticonError("invalid_response", `${context.host} responded with incomplete JSON.`, {
          tracker: context.tracker,
          request: context.request,
          hint: "Panopticon retries. If the problem persists, a proxy may be cutting responses off.",
          cause: cause instanceof Error ? cause.name : undefined,
        });
    return { ok: false, error, retry: !isPage };
  }
}
