import type { TestContext } from "node:test";
import type { Emulator, EmulatorOptions, Fault, WorldIssue } from "../../../emulators/emulator.ts";
import { startEmulator } from "../../../emulators/start.ts";
import { type Clock, systemClock } from "../../domain/clock.ts";
import { createHttpClient } from "../http/create-http-client.ts";
import type { HttpMonitor } from "../http/http-client.ts";
import type { Source, TrackerConnection, TrackerDefinition } from "../tracker.ts";
import type { WritingSubject } from "./writing-subject.ts";

/** A tracker under test: its definition, and what the suite has to know of it beyond that. */
export type Subject = {
  readonly definition: TrackerDefinition;
  /** What it is called in the tests' names, where there are several of one tracker; default: the tracker's label. */
  readonly label?: string;
  /** Entries in a full page of the list. */
  readonly pageSize: number;
  /** The tracker's own names, for the issues that tests create. */
  readonly states: { readonly open: string; readonly closed: string };
  /** Its lists cannot be asked for a state: a first run brings open and closed issues page by page, the open ones of each page first. */
  readonly mixesStates?: true;
  /** How the emulator tells the requests of the issue list apart from others. */
  readonly isListRequest: (request: { readonly url: string; readonly body: string }) => boolean;
  /** How the emulator tells what is asked: what changed, one issue, an issue's comments. */
  readonly questions: Readonly<Record<"list" | "read" | "comments", Pick<Fault, "method" | "path" | "body">>>;
  /** The field of an answer, wherever it stands in it, without which no page of the list can be read. */
  readonly listField: string;
  /** The markdown of a body in the tracker's own format, where that is another. */
  readonly toMarkdown?: (nativeBody: string, server: string) => string;
  /** What the emulator is started with besides. */
  readonly emulator?: Partial<EmulatorOptions>;
  /**
   * Requests that a first run sends until its first page is given, besides the first two of the list and one: where a server is asked what it has, or more
   * about the page; default: none.
   */
  readonly requestsToStart?: number;
  /** Requests of a sign-in that is refused, where another one helps to say what to do; default: 1. */
  readonly requestsWhenRefused?: number;
  /** Its webhooks say nothing of deleted issues: the sweep finds them. */
  readonly tellsNoDeletion?: boolean;
  /** What the suite has to know of its writes; absent while it is only read. */
  readonly writing?: WritingSubject;
  /** Tests this tracker cannot take, by name, with the reason. A name that no test has fails the suite. */
  readonly skips: Readonly<Record<string, string>>;
};

export type Opened = { readonly connection: TrackerConnection; readonly monitor: HttpMonitor };

export type Stage = Opened & {
  readonly emulator: Emulator;
  /** The first source, with all closed issues. */
  readonly source: Source;
  /** Another connection: with other credentials (by environment key), another clock, a shorter deadline. */
  readonly open: (options?: {
    credentials?: Readonly<Record<string, string>>;
    clock?: Clock;
    deadlineMs?: number;
    attempts?: number;
    log?: (line: string) => void;
  }) => Opened;
  /** List requests sent since the log was last cleared. */
  listRequests(): number;
};

/** Starts the tracker's emulator and connects to it as a user would. Ends with the test. */
export async function setStage(
  t: TestContext,
  subject: Subject,
  options: Partial<EmulatorOptions> & { clock?: Clock } = {},
): Promise<Stage> {
  const { definition } = subject;
  const { clock = systemClock, ...rest } = options;
  const started = await startEmulator(definition.id, {
    issues: 0,
    seed: 7,
    sources: 1,
    now: () => clock.now(),
    ...subject.emulator,
    ...rest,
  });
  t.after(() => started.close());
  const emulator = inMarkdown(started, subject);

  const open: Stage["open"] = ({
    credentials = emulator.credentials,
    clock: ownClock = clock,
    deadlineMs,
    attempts,
    log,
  } = {}) => {
    const { client, monitor } = createHttpClient({
      policy: definition.http,
      values: toValues(definition, { ...emulator.credentials, ...credentials }),
      clock: ownClock,
      userAgent: "Panopticon/conformance",
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
      ...(attempts === undefined ? {} : { attempts }),
      ...(log === undefined ? {} : { log }),
    });
    return { connection: definition.connect(client), monitor };
  };
  const key = emulator.sources[0]?.key;
  if (key === undefined) throw new Error(`The emulator of ${definition.id} has no source.`);
  return {
    ...open(),
    emulator,
    source: { key, historyMs: null, nativeId: null },
    open,
    listRequests: () => emulator.requests.list().filter(subject.isListRequest).length,
  };
}

/** The emulator, its issues' bodies as the adapter is to give them. */
function inMarkdown(emulator: Emulator, { toMarkdown }: Subject): Emulator {
  if (toMarkdown === undefined) return emulator;
  const { world } = emulator;
  const convert = (issue: WorldIssue): WorldIssue =>
    issue.nativeBody === undefined ? issue : { ...issue, body: toMarkdown(issue.nativeBody, emulator.url) };
  return {
    ...emulator,
    world: { ...world, issues: (sourceKey) => world.issues(sourceKey).map(convert) },
  };
}

/** Values by field name from values by environment key. */
export function toValues(
  definition: TrackerDefinition,
  environment: Readonly<Record<string, string>>,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const field of definition.credentialFields) {
    const value = field.env.map((name) => environment[name]).find((one) => one !== undefined) ?? field.defaultValue;
    if (value !== undefined) values[field.name] = value;
  }
  return values;
}
