/**
 * A tracker emulator: a real HTTP server with state, as strict as the tracker it emulates. Runs in-process for tests and the demo, or alone with `npm run
 * emulators`. Everything `world` and `faults` do can also be done over HTTP at `control`.
 */
export type Emulator = {
  readonly tracker: string;
  /** The value of the tracker's server key (`GITHUB_API_URL`, `LINEAR_API_URL`). */
  readonly url: string;
  /** By environment key: `{GITHUB_TOKEN: "…", GITHUB_API_URL: "…"}`. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Credentials of a second user, who sees the same sources. */
  readonly otherCredentials: Readonly<Record<string, string>>;
  /** Valid credentials that lack rights, by environment key; `lacks` says which. */
  readonly weakCredentials: { readonly values: Readonly<Record<string, string>>; readonly lacks: string };
  readonly sources: readonly { readonly id: string; readonly key: string; readonly name: string }[];
  /** The address of the control API. */
  readonly control: string;
  readonly world: World;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly webhooks: Webhooks;
  close(): Promise<void>;
};

export type EmulatorOptions = {
  /** The number of issues over all sources; GitHub's lists contain half as many pull requests in addition. */
  readonly issues: number;
  readonly seed: number;
  readonly port?: number;
  /** Fraction of closed issues, 0 to 1; default 0.5. */
  readonly closed?: number;
  /** Number of sources; default 2. */
  readonly sources?: number;
  /** Requests per hour and account; default: the tracker's own limit. Raise it for benchmarks that sync often. */
  readonly budget?: number;
  /** The maximum page size, where the tracker limits some accounts (Rally: 2,000 or 200); default: the tracker's own limit. */
  readonly largestPage?: number;
  /** The edition, for trackers that have several (Jira: `cloud`, `data-center`); default: the first. */
  readonly variant?: string;
  /** The emulator's clock in milliseconds since the epoch; default: the system's. Determines all timestamps and the `Date` header. */
  readonly now?: () => number;
};

/** The state behind the API, changed as other users of the tracker would. Ids are the tracker's native ids. */
export type World = {
  issues(sourceKey?: string): readonly WorldIssue[];
  create(sourceKey: string, fields: Partial<WorldFields>): WorldIssue;
  edit(nativeId: string, fields: Partial<WorldFields>): WorldIssue;
  comment(nativeId: string, body: string): void;
  /** An issue's stored comments, oldest first. */
  comments?(nativeId: string): readonly WorldComment[];
  /** Deletes permanently: the issue no longer appears in "updated since". */
  delete(nativeId: string): void;
  /** Moves to another source of this tracker, if issues can be moved. */
  move?(nativeId: string, sourceKey: string): void;
  /** Hides a source from these credentials, without deleting it; `false` reveals it. */
  hideSource(sourceKey: string, hidden: boolean): void;
  renameLabel(sourceKey: string, from: string, to: string): void;
  /** For trackers whose sources have their own states (Linear, Jira). The issues' update times stay. */
  renameState?(sourceKey: string, from: string, to: string): void;
  /** Renames a person, found by login: changes the name, or the login where the tracker shows only that (GitHub). The person's issues keep their update times. */
  renamePerson(login: string, to: string): void;
  /** Makes responses contain this issue in a form that its schema rejects; `null` repairs it. */
  malform(nativeId: string, how: "missing-field" | "wrong-type" | null): void;
  /** Attaches a file to an issue as users do, in its text or next to it; returns the URL the tracker gives it. Reading it needs the login. */
  attach?(nativeId: string, file: WorldFile): string;
  /** For trackers with blocking relations. */
  block?(nativeId: string, byNativeId: string): void;
  /** For nested sources (Rally's child projects): creates one below another and returns its key. */
  addSource?(under: string, name: string): string;
  /** For trackers with a delayed search index (Jira): sets the delay of changes in milliseconds. */
  lagSearch?(lagMs: number): void;
  /** For sources whose name can change (GitHub, GitLab, Jira); the old name keeps working. `to`: the new source key. */
  renameSource?(from: string, to: string): void;
  /** For trackers that host code (GitHub, GitLab): the source's branches come from this local bare repository. */
  keepCode?(sourceKey: string, folder: string): void;
  /** For trackers with an archive (Linear); `null` restores the issue. */
  archive?(nativeId: string, how: "archived" | "trashed" | null): void;
};

export type WorldFields = {
  readonly title: string;
  readonly body: string;
  /** A native state's name: `open`, `closed`, `closed:not_planned`; a Linear state's name. */
  readonly state: string;
  readonly labels: readonly string[];
  /** Logins. */
  readonly assignees: readonly string[];
  /** Sets the update time instead of using the clock; for issues that share a time. */
  readonly updatedAt: number;
};

export type WorldFile = { readonly name: string; readonly contentType: string; readonly content: Uint8Array };

export type WorldComment = { readonly id: string; readonly body: string; readonly login: string };

export type WorldIssue = {
  readonly nativeId: string;
  readonly key: string;
  readonly sourceKey: string;
  readonly title: string;
  readonly body: string;
  /** The body as the tracker stores it, if that is not markdown (Rally's HTML). */
  readonly nativeBody?: string;
  readonly state: string;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly closed: boolean;
};

/** A webhook delivery as last sent. `status`: the response, 0 if there was none. */
export type SentDelivery = {
  readonly id: string;
  readonly hook: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
  readonly attempts: number;
};

/** The tracker's webhooks, registered through its API or here, as an administrator would on its pages; signed and sent as the tracker does. */
export type Webhooks = {
  register(hook: {
    readonly url: string;
    readonly secret: string | null;
    /** Native id of a source; default: all. */
    readonly sourceId?: string | null;
  }): { readonly id: string };
  list(): readonly {
    readonly id: string;
    readonly url: string;
    readonly secret: string | null;
    readonly sourceId: string | null;
    readonly active: boolean;
  }[];
  remove(id: string): boolean;
  deliveries(): readonly SentDelivery[];
  /** Holds deliveries back from now on. */
  hold(): void;
  /** Sends held deliveries and stops holding. */
  release(how?: { readonly order?: "as-sent" | "reversed"; readonly times?: number }): Promise<void>;
  /** Sends failed deliveries again, as often as the tracker retries. */
  retry(): Promise<void>;
  /** Sends a delivery again, as users can from the tracker's pages. */
  redeliver(id: string): Promise<void>;
  /** Waits until no delivery is in flight. */
  settle(): Promise<void>;
};

/** A fault to inject into the next `times` matching requests (default 1; Infinity until cleared). */
export type Fault = {
  readonly kind:
    | "rate-limit"
    | "secondary-limit"
    | "server-error"
    | "slow"
    /** The request is executed; the response waits until the faults are cleared. */
    | "held"
    | "trickle"
    | "reset"
    | "truncate"
    | "malformed-json"
    | "revoked"
    | "no-limit-headers"
    /** An error that repeats the request's headers, including keys, in its body and headers, as proxies and debug pages do; `value`: the status, default 401. */
    | "echo"
    | "clock-skew"
    /** The connection breaks before the request is executed. */
    | "drop"
    /** The request is executed; the connection breaks before the first byte of the response. */
    | "lost-answer"
    /** The request is executed; a gateway responds with an error (`value`, default 502). */
    | "error-after"
    /** A field (`field`) has another name wherever it occurs in the response's JSON. */
    | "renamed-field";
  readonly times?: number;
  /** Matches requests whose path contains this. */
  readonly path?: string;
  /** Matches requests with this method, such as `POST`. */
  readonly method?: string;
  /** Matches requests whose body contains this; for GraphQL, which has a single path: `"query Issues"`. */
  readonly body?: string;
  /** How many matching requests to let through first. */
  readonly after?: number;
  /**
   * `rate-limit`: seconds to wait; `secondary-limit`: seconds in `Retry-After`, which is missing without it; `slow`: milliseconds before the response;
   * `trickle`: milliseconds between tenths of the body; `server-error`: the status; `clock-skew`: milliseconds.
   */
  readonly value?: number;
  /** `renamed-field`: the field to rename. */
  readonly field?: string;
  /** GitHub's limits respond with 403 or 429; default 403. */
  readonly status?: 403 | 429;
};

export type Faults = { add(fault: Fault): void; clear(): void };

export type RecordedRequest = {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
  readonly at: number;
  readonly bytes: number;
  /** Response headers, with lower-case names. */
  readonly answerHeaders: Readonly<Record<string, string>>;
};

export type RequestLog = { list(): readonly RecordedRequest[]; clear(): void; count(): number };
