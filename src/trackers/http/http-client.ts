import type { PanopticonError } from "../../domain/error.ts";

/** The HTTP client that all trackers use: deadlines, same-origin redirects, rate gate, retries, log, masking. */
export type HttpClient = {
  /** Sends one request. Throws only PanopticonErrors. Statuses other than 200–299 and 304 are errors unless `accept` lists them. */
  request(request: HttpRequest): Promise<HttpResponse>;
  /**
   * Opens a file as a stream. The URL and its redirects must match the policy's `fileHosts`; only hosts with `login` receive the credentials. Throws only
   * PanopticonErrors: `forbidden` for another URL, `not_found`, `auth`, `invalid_response` for a file that is too large.
   */
  openFile(url: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<OpenedFile>;
  /** The server that the credentials belong to: `https://api.github.com`. Requests go nowhere else. */
  readonly baseUrl: string;
  /** The connection's non-secret values by field name: the server, a configured workspace. */
  readonly settings: Readonly<Record<string, string>>;
  /** The server's current time in milliseconds: this machine's clock corrected by the last `Date` header; uncorrected before the first response. */
  serverNow(): number;
};

/** An open file. The caller must read the stream to its end or cancel it. */
export type OpenedFile = {
  readonly stream: ReadableStream<Uint8Array>;
  readonly contentType: string | null;
  /** In bytes; null if the server does not tell. */
  readonly size: number | null;
};

/** A place whose files can be opened through Panopticon's server. */
export type FileHost = {
  /** Scheme, host and port: `https://uploads.linear.app`. */
  readonly origin: string;
  /** The required start of the path: `/user-attachments/`; `*` matches one segment. Default: any path. */
  readonly path?: string;
  /** Whether the tracker's credentials are sent there; false for stores that the tracker redirects to, and for avatars. */
  readonly login: boolean;
};

export type HttpRequest = {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** A path below the base URL, or an absolute URL of the same origin (a next link). */
  readonly url: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Statuses that the caller handles itself, in addition to 2xx and 304: `[404, 410]`. */
  readonly accept?: readonly number[];
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs?: number;
  /** Whether the request can be sent again after a lost response, as read-only POSTs can; default: true only for GET. */
  readonly idempotent?: boolean;
};

/** Response headers; names are case-insensitive, and several fields of one name are joined with commas. */
export type AnswerHeaders = Pick<Headers, "get" | "has">;

export type HttpResponse = {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** The final URL; differs from the request's after a redirect. */
  readonly url: string;
  /** The parsed JSON body; undefined if there is none. */
  readonly body: unknown;
  /** When the request was sent, in milliseconds on this machine's clock. */
  readonly requestedAt: number;
  /** The server's time from its `Date` header; null if missing or unreadable. */
  readonly serverTime: number | null;
};

/** What the HTTP client needs to know about a tracker. Pure functions of data. */
export type HttpPolicy = {
  readonly tracker: string;
  /** The tracker's name in messages. */
  readonly label: string;
  /** Names of values that must never be shown: `token`. */
  readonly secretValues: readonly string[];
  /** The base URL for the connection's values; throws `invalid_input` for an invalid server address. */
  baseUrl(values: Readonly<Record<string, string>>): string;
  /** Headers that carry the credentials and the API version. */
  headers(values: Readonly<Record<string, string>>): Record<string, string>;
  /** Additional headers by path below the base URL (`/apps/`), for paths that need the credentials in another form. */
  headersBelow?(values: Readonly<Record<string, string>>): Readonly<Record<string, Record<string, string>>>;
  /**
   * Where images, attachments and avatars of this tracker can be opened from. Also used by the server and the dashboard, which requests images that need the
   * login through the server.
   */
  fileHosts(values: Readonly<Record<string, string>>): readonly FileHost[];
  /** The maximum number of concurrent requests. */
  readonly concurrency: number;
  /** The budget according to the response's headers, `resetAt` in server time; null if they do not state it. A missing header never throws. */
  readBudget(response: { status: number; headers: AnswerHeaders }): BudgetReading | null;
  /** Turns a failed response into an error; null if it did not fail. Called for every response, including 200s (GraphQL errors). */
  readFailure(
    response: { status: number; headers: AnswerHeaders; body: unknown; text: string },
    context: FailureContext,
  ): PanopticonError | null;
};

export type FailureContext = {
  /** On this machine's clock, like `retryAt`. */
  readonly now: number;
  /** How many rate-limit responses this connection has received in a row, including this one; waits without a stated end grow with it. */
  readonly attempt: number;
  /** The request, with secrets masked. */
  readonly request: string;
  /** Converts server time to this machine's clock. */
  toLocal(serverMs: number): number;
};

export type BudgetReading = {
  readonly limit: number | null;
  readonly remaining: number | null;
  readonly resetAt: number | null;
};

/** What the rest of the program can see of a connection's traffic. */
export type HttpMonitor = {
  /** Requests sent since the client was created. */
  requests(): number;
  budget(): BudgetReading | null;
  /** Until when nothing is sent; null if not paused. */
  pausedUntil(): number | null;
  /** Restores a pause that an earlier process was told to keep. */
  pauseUntil(at: number): void;
  /** Calls the listener whenever the tracker asks for a longer pause. */
  onPause(listener: (until: number) => void): void;
  /** This machine's clock was set back by `byMs`: pauses and budgets keep their real end. */
  clockSetBack(byMs: number): void;
};
