/**
 * A tracker emulator: a real HTTP server with state, as strict as the tracker it stands for. In-process for tests and the
 * demo, alone through `npm run emulators`. Everything `world` and `faults` do can also be done over HTTP at `control`.
 */
export type Emulator = {
  readonly tracker: string;
  /** Value for the tracker's server key (`GITHUB_API_URL`, `LINEAR_API_URL`). */
  readonly url: string;
  /** By environment key: `{GITHUB_TOKEN: "…", GITHUB_API_URL: "…"}`. */
  readonly credentials: Readonly<Record<string, string>>;
  /** A second user's, who sees the same sources. */
  readonly otherCredentials: Readonly<Record<string, string>>;
  /** Credentials that work but lack rights, by environment key; what they lack is said in `lacks`. */
  readonly weakCredentials: { readonly values: Readonly<Record<string, string>>; readonly lacks: string };
  readonly sources: readonly { readonly id: string; readonly key: string; readonly name: string }[];
  /** Address of the control API. */
  readonly control: string;
  readonly world: World;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly webhooks: Webhooks;
  close(): Promise<void>;
};

export type EmulatorOptions = {
  /** Issues over all sources of the tracker; GitHub's list has half as many pull requests besides. */
  readonly issues: number;
  readonly seed: number;
  readonly port?: number;
  /** Share of closed issues, 0 to 1; default 0.5. */
  readonly closed?: number;
  /** Number of sources; default 2. */
  readonly sources?: number;
  /** Requests an hour and account; default: the tracker's own limit. Benchmarks that sync often raise it. */
  readonly budget?: number;
  /** The most entries that one page holds, where the tracker limits some accounts (Rally: 2,000 or 200); default: the tracker's own limit. */
  readonly largestPage?: number;
  /** Which of the tracker's editions, where there are several (Jira: `cloud`, `data-center`); default: the first. */
  readonly variant?: string;
  /** The emulator's clock in milliseconds since the epoch; default: the system's. Everything it stamps and its `Date` header come from here. */
  readonly now?: () => number;
};

/** The state behind the API, changed as somebody else at the tracker would change it. Ids are the tracker's native ids. */
export type World = {
  issues(sourceKey?: string): readonly WorldIssue[];
  create(sourceKey: string, fields: Partial<WorldFields>): WorldIssue;
  edit(nativeId: string, fields: Partial<WorldFields>): WorldIssue;
  comment(nativeId: string, body: string): void;
  /** What is really under an issue, oldest first, as the tracker keeps it. */
  comments?(nativeId: string): readonly WorldComment[];
  /** For good: leaves no trace in "updated since". */
  delete(nativeId: string): void;
  /** To another source of this tracker, where issues can be moved. */
  move?(nativeId: string, sourceKey: string): void;
  /** The source stays, these credentials no longer see it; `false` brings it back. */
  hideSource(sourceKey: string, hidden: boolean): void;
  renameLabel(sourceKey: string, from: string, to: string): void;
  /** Where a source has states of its own (Linear, Jira). The issues in it keep their update time. */
  renameState?(sourceKey: string, from: string, to: string): void;
  /** What is shown of a person, found by login: the name, or the login itself where the tracker tells nothing else (GitHub). Nothing of theirs changes its update time. */
  renamePerson?(login: string, to: string): void;
  /** The next answers carry this issue broken in a way its schema refuses; `null` mends it. */
  malform(nativeId: string, how: "missing-field" | "wrong-type" | null): void;
  /** Puts a file with an issue as people do there, into its text or beside it; gives the address under which the tracker names it. Needs the login to be read. */
  attach?(nativeId: string, file: WorldFile): string;
  /** Where the tracker knows what blocks what. */
  block?(nativeId: string, byNativeId: string): void;
  /** Where sources lie inside each other (Rally's child projects): makes one below another and gives its key. */
  addSource?(under: string, name: string): string;
  /** Where searches lag behind (Jira): how long a change takes to reach them from now on, in milliseconds. */
  lagSearch?(lagMs: number): void;
  /** Where a source has a name that can change (GitHub, GitLab, Jira); the old one is understood on. `to` is the new source key. */
  renameSource?(from: string, to: string): void;
  /** Where the tracker keeps code (GitHub, GitLab): a source's branches are those of this bare repository on this machine from now on. */
  keepCode?(sourceKey: string, folder: string): void;
  /** Where the tracker has an archive (Linear); `null` brings the issue back. */
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
  /** Sets the update time instead of taking the clock's; for clusters of equal times. */
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
  /** The body as the tracker keeps it, where that is no markdown (Rally's HTML). */
  readonly nativeBody?: string;
  readonly state: string;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly closed: boolean;
};

/** A delivery as it was last sent. `status` is what was answered, 0 where no answer came. */
export type SentDelivery = {
  readonly id: string;
  readonly hook: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
  readonly attempts: number;
};

/** The tracker's webhooks: registered through its API or here, as an administrator would in its pages; signed and sent as it does. */
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
  /** From now on deliveries wait. */
  hold(): void;
  /** Sends what waits, and no longer holds. */
  release(how?: { readonly order?: "as-sent" | "reversed"; readonly times?: number }): Promise<void>;
  /** The time has come to send failed ones again, as often as the tracker does. */
  retry(): Promise<void>;
  /** Sends one again, as people do from the tracker's pages. */
  redeliver(id: string): Promise<void>;
  /** Waits until nothing is on its way. */
  settle(): Promise<void>;
};

/** What goes wrong, for the next `times` matching requests (default 1; Infinity until cleared). */
export type Fault = {
  readonly kind:
    | "rate-limit"
    | "secondary-limit"
    | "server-error"
    | "slow"
    /** Carried out; the answer waits until the faults are cleared. */
    | "held"
    | "trickle"
    | "reset"
    | "truncate"
    | "malformed-json"
    | "revoked"
    | "no-limit-headers"
    /** An error that repeats the request's headers, keys included, in its body and its headers, as proxies and debug pages do; `value`: the status, default 401. */
    | "echo"
    | "clock-skew"
    /** The connection breaks before anything is carried out. */
    | "drop"
    /** Carried out; the connection breaks before a byte of the answer. */
    | "lost-answer"
    /** Carried out; a gateway in between answers with an error (`value`, default 502). */
    | "error-after"
    /** The answer's JSON calls a field (`field`) otherwise, wherever it stands. */
    | "renamed-field";
  readonly times?: number;
  /** Only requests whose path contains this. */
  readonly path?: string;
  /** Only requests with this method: `POST`. */
  readonly method?: string;
  /** Only requests whose body contains this; for GraphQL, where all paths are one: `"query Issues"`. */
  readonly body?: string;
  /** Let this many matching requests through first. */
  readonly after?: number;
  /**
   * `rate-limit`: seconds to wait; `secondary-limit`: seconds in `Retry-After`, which is missing without it; `slow`: milliseconds
   * before the answer; `trickle`: milliseconds between two tenths of the body; `server-error`: the status; `clock-skew`: milliseconds.
   */
  readonly value?: number;
  /** `renamed-field`: the one. */
  readonly field?: string;
  /** GitHub's limits answer 403 or 429; default 403. */
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
  /** Of the answer, names in small letters. */
  readonly answerHeaders: Readonly<Record<string, string>>;
};

export type RequestLog = { list(): readonly RecordedRequest[]; clear(): void; count(): number };
