import type { HttpClient, HttpRequest, HttpResponse } from "./http-client.ts";
import { nextLink } from "./next-link.ts";

/** A list's pages from its first on, following `Link`. `send`: how the further ones are asked for, where that is not the client's own way. Throws as that and `nextLink` do. */
export async function* linkedPages(
  http: HttpClient,
  first: HttpResponse,
  signal: AbortSignal | undefined,
  send: (request: HttpRequest) => Promise<HttpResponse> = (request) => http.request(request),
): AsyncGenerator<HttpResponse, void, undefined> {
  for (let response = first; ;) {
    yield response;
    const url = nextLink(response.headers, http.baseUrl);
    if (url === null) return;
    response = await send({ url, signal });
  }
}
