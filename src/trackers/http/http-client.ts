import type { PanopticonError } from "../../domain/error.ts";

/** The one HTTP client that trackers are reached through: deadline, redirects by hand, rate gate, retry, log, masking. */
export type HttpClient = {
  /** Sends one request. Throws PanopticonErrors only; answers outside 200–299 and 304 are errors unless listed in `accept`. */
  request(request: HttpRequest): Promise<HttpResponse>;
  /**
   * Opens a file for reading as it comes. Only addresses inside the policy's `fileHosts`, redirects included; credentials go only to those with
   * `login`. Throws PanopticonErrors only: `forbidden` for another address, `not_found`, `auth`, `invalid_response` for a file that is too large.
   */
  openFile(url: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<OpenedFile>;
  /** The server the credentials belong to: `https://api.github.com`. Nothing is sent anywhere else. */
  readonly baseUrl: string;
  /** The connection's values by field name, secrets left out: the workspace somebody set, the server. */
  readonly settings: Readonly<Record<string, string>>;
  /** The server's present time in milliseconds: this machine's clock put right by the last `Date` header; its own before the first answer. */
  serverNow(): number;
};

/** A file under way. The reader has to read the stream to its end or cancel it. */
export type OpenedFile = {
  readonly stream: ReadableStream<Uint8Array>;
  readonly contentType: string | null;
  /** In bytes; null where the server does not tell. */
  readonly size: number | null;
};

/** A place whose files are opened through Panopticon's server. */
export type FileHost = {
  /** `https://uploads.linear.app`: scheme, host and port count. */
  readonly origin: string;
  /** Only paths that begin with this, `/user-attachments/`; `*` stands for one part; default: all. */
  readonly path?: string;
  /** Whether the tracker's credentials are sent there. Without: a store that the tracker redirects to, or faces of people on an own server. */
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
  /** Statuses the caller handles itself besides 2xx and 304: `[404, 410]`. */
  readonly accept?: readonly number[];
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs?: number;
  /** GET and read-only POSTs may be sent again after a lost answer; default: true for GET only. */
  readonly idempotent?: boolean;
};

/** Header fields of an answer, by name in any case; several of one name are one, with commas in between. */
export type AnswerHeaders = Pick<Headers, "get" | "has">;

export type HttpResponse = {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** Where the answer came from in the end; differs from the request's address after a redirect. */
  readonly url: string;
  /** The parsed JSON body; undefined when there is none. */
  readonly body: unknown;
  /** Milliseconds on this machine's clock when the request was sent. */
  readonly requestedAt: number;
  /** The server's own time from its `Date` header; null where it is missing or unreadable. */
  readonly serverTime: number | null;
};

/** What is different from tracker to tracker about sending requests. Pure functions of data. */
export type HttpPolicy = {
  readonly tracker: string;
  /** Names of the values that must never be shown: `token`. */
  readonly secretValues: readonly string[];
  /** Base URL from the connection's values; throws `invalid_input` for a server that cannot be one. */
  baseUrl(values: Readonly<Record<string, string>>): string;
  /** Headers that carry the credentials and the API version. */
  headers(values: Readonly<Record<string, string>>): Record<string, string>;
  /** Headers that go along besides below some of the server's paths (`/apps/`), by path: where the credentials are wanted in another form. */
  headersBelow?(values: Readonly<Record<string, string>>): Readonly<Record<string, Record<string, string>>>;
  /**
   * Where this tracker keeps files: what an issue's images, attachments and people's faces may be opened from. Data for the server and the
   * dashboard too, which asks the server for images that need the login.
   */
  fileHosts(values: Readonly<Record<string, string>>): readonly FileHost[];
  /** Requests under way at once. */
  readonly concurrency: number;
  /** Budget as the answer's headers tell it, `resetAt` in the server's time; null where they say nothing. A missing header never throws. */
  readBudget(response: { status: number; headers: AnswerHeaders }): BudgetReading | null;
  /** Turns an answer that is a failure into an error; null when it is none. Sees every answer, also 200s (GraphQL errors). */
  readFailure(
    response: { status: number; headers: AnswerHeaders; body: unknown; text: string },
    context: FailureContext,
  ): PanopticonError | null;
};

export type FailureContext = {
  /** This machine's clock, as `retryAt` is. */
  readonly now: number;
  /** How many times in a row this connection was told to slow down, this answer included; waits without a stated end grow with it. */
  readonly attempt: number;
  /** The request, with secrets masked. */
  readonly request: string;
  /** A time of the server's clock on this machine's clock. */
  toLocal(serverMs: number): number;
};

export type BudgetReading = {
  readonly limit: number | null;
  readonly remaining: number | null;
  readonly resetAt: number | null;
};

/** What the rest of the program may know of a connection's traffic. */
export type HttpMonitor = {
  /** Requests sent since the client was made. */
  requests(): number;
  budget(): BudgetReading | null;
  /** Until when nothing is sent, or null. */
  pausedUntil(): number | null;
  /** An earlier process was told to send nothing before then. */
  pauseUntil(at: number): void;
  /** Tells the listener of every longer pause, when the tracker asks for it. */
  onPause(listener: (until: number) => void): void;
  /** This machine's clock was set back by so much: pauses and budgets end no later than they were meant to. */
  clockSetBack(byMs: number): void;
};
