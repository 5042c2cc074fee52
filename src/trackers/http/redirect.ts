import type { AnswerHeaders } from "./http-client.ts";
import { PanopticonError } from "../../domain/error.ts";

export const maxRedirects = 3;

const redirecting = new Set([301, 302, 303, 307, 308]);

/**
 * Where a redirect leads, or null when the answer is none. Only the same origin is followed, since the credentials belong to it;
 * a write follows only the statuses that keep its method (307, 308). Throws `invalid_input` for what is not followed.
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
