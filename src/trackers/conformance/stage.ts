import type { TestContext } from "node:test";
import type { Emulator, EmulatorOptions, Fault, WorldIssue } from "../../../emulators/emulator.ts";
import { startEmulator } from "../../../emulators/start.ts";
import { type Clock, systemClock } from "../../domain/clock.ts";
import { createHttpClient } from "../http/create-http-client.ts";
import type { HttpMonitor } from "../http/http-client.ts";
import type { Source, TrackerConnection, TrackerDefinition } from "../tracker.ts";
import type { WritingSubject } from "./writing-subject.ts";

/** A tracker under test: its definition, and what else the suite needs to know about it. */
export type Subject = {
  readonly definition: TrackerDefinition;
  /** The name in the tests' names, if a tracker has several; default: the tracker's label. */
  readonly label?: string;
  /** The number of entries on a full page of the list. */
  readonly pageSize: number;
  /** The tracker's own names of states, for issues that tests create. */
  readonly states: { readonly open: string; readonly closed: string };
  /** Its lists cannot be filtered by state: a first run returns open and closed issues page by page, the open ones of each page first. */
  readonly mixesStates?: true;
  /** How the emulator recognizes requests for the list of issues. */
  readonly isListRequest: (request: { readonly url: string; readonly body: string }) => boolean;
  /** How the emulator recognizes requests for changes, for one issue, for an issue's comments, and one of those that only `describe` sends. */
  readonly questions: Readonly<
    Record<"list" | "read" | "comments" | "describe", Pick<Fault, "method" | "path" | "body">>
  >;
  /** A field, at any depth of a response, without which no page of the list can be parsed. */
  readonly listField: string;
  /** Converts a body from the tracker's own format to Markdown, if it has one. */
  readonly toMarkdown?: (nativeBody: string, server: string) => string;
  /** Additional options of the emulator. */
  readonly emulator?: Partial<EmulatorOptions>;
  /**
   * Additional requests of a first run until it returns its first page, besides the first two of the list and one other, to detect the server's features or to
   * complete the page; default: none.
   */
  readonly requestsToStart?: number;
  /** The number of requests when credentials are refused, if a further one helps to explain why; default: 1. */
  readonly requestsWhenRefused?: number;
  /** Its webhooks do not report deleted issues; the sweep finds them. */
  readonly tellsNoDeletion?: boolean;
  /** What the suite needs to know about its writes; absent for a read-only tracker. */
  readonly writing?: WritingSubject;
  /** Tests to skip, by name, with the reason. An unknown name fails the suite. */
  readonly skips: Readonly<Record<string, string>>;
};

export type Opened = { readonly connection: TrackerConnection; readonly monitor: HttpMonitor };

export type Stage = Opened & {
  readonly emulator: Emulator;
  /** The first source, with all closed issues. */
  readonly source: Source;
  /** Opens another connection: with other credentials (by environment key), another clock, or a shorter deadline. */
  readonly open: (options?: {
    credentials?: Readonly<Record<string, string>>;
    clock?: Clock;
    deadlineMs?: number;
    attempts?: number;
    log?: (line: string) => void;
  }) => Opened;
  /** The number of list requests since the log was last cleared. */
  listRequests(): number;
};

/** Starts the tracker's emulator and connects to it as a user would. Closed when the test ends. */
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

/** The emulator, with the bodies of its issues as the adapter should return them. */
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

/** Converts values by environment key to values by field name. */
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
