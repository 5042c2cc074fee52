import type { AnswerHeaders } from "./http-client.ts";
import { PanopticonError } from "../../domain/error.ts";

export const maxRedirects = 3;

const redirecting = new Set([301, 302, 303, 307, 308]);

/**
 * The target of a redirect; null if the response is not one. Only same-origin redirects are followed, because the credentials belong to that origin; writes
 * follow only the statuses that keep the method (307, 308). Throws `invalid_input` for other redirects, `invalid_response` for one without a target.
 */
export function readRedirect(answer: {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly url: string;
  readonly method: string;
}): string | null {
  if (!redirecting.has(answer.status)) return null;
  const location = answer.headers.get("location");
  const target = location === null ? null : URL.parse(location, answer.url);
  if (target === null) {
    throw new PanopticonError("invalid_response", "The server redirects without a target.");
  }
  const from = new URL(answer.url);
  if (target.origin !== from.origin) {
    throw new PanopticonError(
      "invalid_input",
      `The server ${from.origin} redirects to ${target.origin}. Credentials are only sent to the configured server.`,
      { hint: `If ${target.origin} is the right server, set it as the server's address.` },
    );
  }
  const isRead = answer.method === "GET" || answer.method === "HEAD";
  if (!isRead && answer.status !== 307 && answer.status !== 308) {
    throw new PanopticonError(
      "invalid_input",
      `The server redirects a ${answer.method} to ${target.pathname}, which is not followed.`,
      { hint: "Check the server's address: use https instead of http, and check the path." },
    );
  }
  return target.href;
}
