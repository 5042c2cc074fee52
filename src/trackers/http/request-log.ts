import createDebug from "debug";
import type { BudgetReading } from "./http-client.ts";
import type { Mask } from "./mask.ts";

type RequestLine = {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  /** The status, or the error message. */
  readonly outcome: number | string;
  readonly ms: number;
  readonly budget: BudgetReading | null;
};

/** Logs every request, with secrets masked. */
export type RequestLog = (line: RequestLine) => void;

/** `DEBUG=<tracker>` enables it; `write` replaces the output. */
export function createRequestLog(tracker: string, mask: Mask, write?: (line: string) => void): RequestLog {
  const debug = createDebug(tracker);
  return (line) => {
    if (write === undefined && !debug.enabled) return;
    const text = mask(format(line));
    if (write) write(text);
    else debug("%s", text);
  };
}

function format(line: RequestLine): string {
  const { budget } = line;
  const left = budget?.remaining == null ? "" : `, ${budget.remaining} of ${budget.limit ?? "?"} left`;
  const head = `${line.method} ${line.url} → ${line.outcome} in ${Math.round(line.ms)} ms${left}`;
  // A query in the URL is percent-encoded, so it is logged again in readable form.
  const query = URL.parse(line.url)?.searchParams.get("query");
  const parts = [head, query ? `query ${query}` : "", line.body === undefined ? "" : formatBody(line.body)];
  return parts.filter((part) => part !== "").join("\n");
}

/** Shows a GraphQL body as its query and variables, any other body as JSON. */
function formatBody(body: unknown): string {
  if (typeof body === "object" && body !== null && "query" in body && typeof body.query === "string") {
    const variables = "variables" in body ? `\nvariables ${JSON.stringify(body.variables)}` : "";
    return `${body.query.trim()}${variables}`;
  }
  return JSON.stringify(body);
}
