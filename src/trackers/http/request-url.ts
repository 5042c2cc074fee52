import { PanopticonError } from "../../domain/error.ts";
import type { HttpRequest } from "./http-client.ts";

/** The full URL of a request. Throws `internal` for an absolute URL of another origin, so that the credentials go nowhere else. */
export function toRequestUrl(baseUrl: string, request: Pick<HttpRequest, "url" | "query">, tracker: string): string {
  const absolute = /^[a-z][a-z0-9+.-]*:\/\//i.test(request.url);
  const url = new URL(absolute ? request.url : baseUrl + request.url);
  if (url.origin !== new URL(baseUrl).origin) {
    throw new PanopticonError(
      "internal",
      `A request to ${url.origin} was stopped: the credentials belong to ${baseUrl}.`,
      {
        tracker,
      },
    );
  }
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url.href;
}
