import type { HttpClient, HttpRequest, HttpResponse } from "./http-client.ts";
import { nextLink } from "./next-link.ts";

/**
 * The pages of a list from its first one on, following the `Link` header. `send` requests the further pages; default: the client. Throws what `send` and
 * `nextLink` throw.
 */
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
