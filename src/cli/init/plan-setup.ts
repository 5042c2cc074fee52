import { existsSync } from "node:fs";
import { findCheckout, findRemoteSource, projectIdFrom } from "../../config/checkout.ts";
import { sourcesOfAdding } from "../../config/edit-projects.ts";
import { readEnvFile } from "../../config/env-file.ts";
import { namePlaces } from "../../config/name-places.ts";
import { userHome } from "../../config/paths.ts";
import { createRunCommand } from "../../config/run-command.ts";
import { PanopticonError } from "../../domain/error.ts";
import { describeMissing } from "../../domain/missing-keys.ts";
import { lookForSources } from "../../trackers/look-for-sources.ts";
import { trackers } from "../../trackers/registry.ts";
import type { Context } from "../context.ts";
import { loadConfig } from "../load-config.ts";
import { noteUnchecked } from "../printing/note-unchecked.ts";
import type { Answers } from "./answers.ts";
import { choicesOf, lastWord, suggestName, toSourceValues } from "./choice.ts";
import { reportConnection } from "./report-connection.ts";
import { environmentVariables, type Setup } from "./setup.ts";
import { isValid, testConnection, type TestedConnection } from "./tested-connection.ts";

/** What flags provide instead of questions. */
export type Given = {
  /** Source keys of projects.yaml; empty: ask. */
  readonly sources: Readonly<Record<string, unknown>>;
  readonly name: string | undefined;
  readonly id: string | undefined;
  /** Whether to add a project to the existing ones. */
  readonly another: boolean;
};

/** Finds and tests credentials, asks for missing ones, and returns what to write. Writes nothing itself. */
export async function planSetup(context: Context, answers: Answers, given: Given): Promise<Setup> {
  const config = await loadConfig(context);
  const broken = config.problems.find(({ severity }) => severity === "error");
  if (broken !== undefined) {
    throw new PanopticonError("invalid_input", `${broken.file}:${broken.line ?? 1}: ${broken.message}.`, {
      hint: "Fix or remove the file, then run pan init again.",
    });
  }
  answers.intro();
  const found = await answers.during(
    "Looking for logins and keys and testing them",
    Promise.all(
      trackers.flatMap((tracker) => {
        const connection = config.connections.find(({ id }) => id === tracker.id);
        return connection === undefined ? [] : [testConnection(context, tracker, connection)];
      }),
    ),
  );
  answers.say(namePlaces(found.map((tested) => reportConnection(context.out, tested)).join("\n"), context.paths));
  const connections = await connectMore(context, answers, found);
  const valid = connections.filter(isValid);
  // If a source is named, its own tracker is the one to connect.
  if (valid.length === 0 && Object.keys(given.sources).length === 0) throw nothingConnected(found);

  const inFile = readEnvFile(context.paths.envFile).values;
  const variables = environmentVariables(valid, (key) => Boolean(inFile.get(key)?.trim()));
  const project = await planProject(context, answers, { given, connections, config });
  const keys = Object.keys(variables);
  const keep = keys.length > 0 && (await answers.keepVariables(keys));
  return { connections: valid, variables: keep ? variables : {}, project };
}

/** Lets the user enter credentials that are missing or failed, testing each. */
async function connectMore(
  context: Context,
  answers: Answers,
  found: readonly TestedConnection[],
): Promise<readonly TestedConnection[]> {
  const wanted = await answers.connectMore(found.filter((tested) => !isValid(tested)));
  const connections = [...found];
  for (const [index, before] of found.entries()) {
    const { tracker, connection } = before;
    if (!wanted.includes(tracker)) continue;
    for (;;) {
      const entered = await answers.credentials(tracker, before);
      const tested = await answers.during(
        `Asking ${tracker.label}`,
        testConnection(context, tracker, connection, entered),
      );
      answers.say(namePlaces(reportConnection(context.out, tested), context.paths));
      connections[index] = tested;
      if (isValid(tested) || !(await answers.tryAgain(tracker))) break;
    }
  }
  return connections;
}

type ProjectParts = {
  readonly given: Given;
  readonly connections: readonly TestedConnection[];
  readonly config: Awaited<ReturnType<typeof loadConfig>>;
};

async function planProject(
  context: Context,
  answers: Answers,
  { given, connections, config }: ProjectParts,
): Promise<Setup["project"]> {
  const present = existsSync(context.paths.projectsFile) ? config.projects : [];
  if (present.length > 0 && !given.another) {
    answers.say(
      `Already on the board: ${present.map(({ name }) => name).join(", ")}. Add more with pan project add or in Settings.`,
    );
    return null;
  }
  const checkout = await findCheckout(context.cwd, createRunCommand(context.env));
  const own = checkout && findRemoteSource(checkout.remotes, trackers, config.connections);
  const named = Object.values(given.sources).flat().map(String);
  if (named.length > 0) {
    const name = given.name ?? lastWord(named[0] ?? "");
    const path = named.includes(own?.value ?? "") ? checkout?.path : undefined;
    const project = toProject(given.id, name, path, given.sources);
    await answers.during("Looking for them", lookFor(context, project, { connections, config }));
    return project;
  }
  // Two trackers may have projects of the same name.
  const placeOf = (connection: string, key: string) => `${connection} ${key.toLowerCase()}`;
  const taken = new Set(present.flatMap(({ sources }) => sources.map((one) => placeOf(one.connection, one.key))));
  const choices = choicesOf(connections.filter(isValid)).filter(
    (one) => !taken.has(placeOf(one.connection.connection.id, one.key)),
  );
  if (choices.length === 0) {
    throw new PanopticonError("not_found", "Everything these credentials can see is already on the board.", {
      hint: "Check their permissions: pan trackers test TRACKER shows what they can see.",
    });
  }
  const suggested = choices.filter(
    ({ connection, key }) => connection.tracker.id === own?.tracker.id && key === own.value,
  );
  const chosen = await answers.sources(choices, suggested);
  const [first] = chosen;
  if (first === undefined) throw new PanopticonError("invalid_input", "Nothing was chosen for the board.");
  const name = given.name ?? (await answers.name(suggestName(suggested[0] ?? first)));
  const isOwn = checkout !== null && suggested.some((choice) => chosen.includes(choice));
  const path = isOwn && (await answers.useCheckout(checkout.path)) ? checkout.path : undefined;
  return toProject(given.id, name, path, toSourceValues(chosen));
}

/** Throws for a source that is not visible, or whose tracker has no working key; lists those that could not be checked for another reason. */
async function lookFor(
  context: Context,
  { id, values }: NonNullable<Setup["project"]>,
  { connections: tested, config: { connections } }: Pick<ProjectParts, "connections" | "config">,
): Promise<void> {
  const { clock, env, out, paths, version } = context;
  const surroundings = { connections, userHome: userHome(env), configFile: paths.configFile };
  const sources = sourcesOfAdding(id, values, { projectsFile: paths.projectsFile, trackers, surroundings });
  for (const { key, connection } of sources) {
    const own = tested.find((one) => one.connection.id === connection);
    if (own !== undefined && !isValid(own)) throw notConnected(key, own);
  }
  noteUnchecked(
    { out, paths },
    await lookForSources(sources, { trackers, connections, clock, userAgent: `panopticon/${version}` }),
  );
}

function toProject(
  id: string | undefined,
  name: string,
  path: string | undefined,
  sources: Readonly<Record<string, unknown>>,
): NonNullable<Setup["project"]> {
  return { id: id ?? projectIdFrom(name), values: { name, ...(path !== undefined && { path }), ...sources } };
}

/** Why a source that was asked for cannot be added. */
function notConnected(key: string, { tracker, connection, result }: TestedConnection): PanopticonError {
  const said = `${tracker.label} cannot be asked for the ${tracker.sourceNoun.one} “${key}”`;
  if (result?.valid === false) {
    const { error, errorType, hint } = result;
    const code = errorType === "network" ? "unreachable" : errorType === "auth" ? "auth" : "invalid_input";
    return new PanopticonError(code, `${said}, so it was not added: ${error}`, { hint });
  }
  const { sentence, names, login, helps } = describeMissing(connection.missing);
  const signIn = login === null ? "" : `, or sign in with ${login}`;
  return new PanopticonError("not_found", `${said}, so it was not added: ${sentence}`, {
    hint: [`Set ${names} in the environment or in ~/.panopticon.env${signIn}, and run pan init again.`, ...helps].join(
      "\n",
    ),
  });
}

function nothingConnected(found: readonly TestedConnection[]): PanopticonError {
  const failures = found.flatMap(({ result }) => (result === null || result.valid ? [] : [result]));
  if (failures.length > 0 && failures.every(({ errorType }) => errorType === "network")) {
    return new PanopticonError("unreachable", "No tracker could be reached, so no key was tested.", {
      hint: "Check the network and run pan init again. pan demo needs no network.",
    });
  }
  const failed = failures.length > 0;
  const keys = found
    .flatMap(({ tracker }) => tracker.credentialFields.filter(({ secret }) => secret))
    .map(({ env }) => env[0]);
  return new PanopticonError(
    failed ? "auth" : "not_found",
    failed ? "None of the credentials work." : "No login or key was found.",
    {
      hint: `Log in with gh or glab, or set one of ${keys.join(", ")} in the environment or in ~/.panopticon.env, and run pan init again. pan demo works without any.`,
    },
  );
}
