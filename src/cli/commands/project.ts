import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { findCheckout, findRemoteSource, projectIdFrom } from "../../config/checkout.ts";
import type { ProjectsFileContext, ProjectValues } from "../../config/edit-projects.ts";
import { userHome } from "../../config/paths.ts";
import type { AskedPrograms } from "../../config/read-config.ts";
import { createRunCommand } from "../../config/run-command.ts";
import { PanopticonError } from "../../domain/error.ts";
import { trackers } from "../../trackers/registry.ts";
import type { ChangedProjectShape } from "../../server/contract/project.ts";
import type { Context } from "../context.ts";
import { loadConfig } from "../load-config.ts";
import { printProblems } from "../printing/config-problems.ts";
import { noteUnchecked } from "../printing/note-unchecked.ts";
import { openReading } from "../reading/open-reading.ts";
import { openWithLock } from "../server/open-with-lock.ts";
import { plainLine } from "../../domain/plain-text.ts";
import { editAlone } from "../edit-alone.ts";
import { findServer } from "../server/server-client.ts";
import { addSourceFlags, nameASource, readSourceFlags, sourceKeys } from "../options/source-flags.ts";
import { printTable } from "../printing/table.ts";

type AddOptions = {
  readonly id?: string;
  readonly name?: string;
  readonly history?: string;
} & Readonly<Record<string, unknown>>;

export function define(command: Command, context: Context): void {
  command.action(() => command.outputHelp());
  defineAdd(command.command("add"), context);
  command
    .command("list")
    .summary("list the projects")
    .description("Lists the projects.")
    .option("--json", "as JSON: {projects, total, cursor}, all of them")
    .action(async (options: { json?: boolean }) => listProjects(context, options));
  command
    .command("remove")
    .summary("remove a project from the board")
    .description("Removes a project from projects.yaml. Nothing changes in the trackers.")
    .argument("<project>", "its id")
    .action(async (id: string) => {
      const client = await findServer(context.paths.serverFile);
      if (client !== null) await client.send("DELETE", `/api/projects/${encodeURIComponent(id)}`);
      else {
        const { removeProject } = await import("../../config/edit-projects.ts");
        const file = await fileOf(context, "none");
        await editAlone(context, () => removeProject(id, file));
        await clearMirror(context);
      }
      context.out.line(`${id} is off the board. Its issues stay in their trackers.`);
    });
}

/** Removes unconfigured sources from the mirror; without a server, nothing else would, and listings would still show them. */
async function clearMirror(context: Context): Promise<void> {
  const reading = await openReading(context, { sync: false });
  await reading.close();
  if (reading.mirrorAge?.at === "empty") return;
  const { composeApp } = await import("../compose.ts");
  const here = () => composeApp({ ...context, programs: "used" });
  const app = await openWithLock<never, Awaited<ReturnType<typeof here>>>(context, () => Promise.resolve(null), here);
  await app.close();
}

function defineAdd(command: Command, context: Context): void {
  command
    .summary("add a project to the board")
    .description("Adds a project to the board: the repository of a git checkout, or the sources given by flags.")
    .argument("[path]", "a git checkout; default: the current folder, if no source is named")
    .option("--id <id>", "its id in projects.yaml; default: derived from the name")
    .option("--name <name>", "its name on the board")
    .option("--history <history>", "how far back closed issues are mirrored: 90d, 12w, 6m, 1y, all")
    .option("--json", "as JSON: the project, and `unchecked` sources");
  addSourceFlags(command);
  command.action(async (path: string | undefined, options: AddOptions) => {
    const values = await toValues(context, path, options);
    const name = values["name"];
    const id = options.id ?? projectIdFrom(typeof name === "string" ? name : "");
    const client = await findServer(context.paths.serverFile);
    context.out.status(`Looking for ${plainLine(sourcesIn(values).join(", "))}…`);
    const added =
      client === null
        ? await addHere(context, id, values)
        : ((await client.send("POST", "/api/projects", { id, ...values })) as ChangedProjectShape);
    context.out.status(null);
    if (options.json) return context.out.json(added);
    context.out.line(`${id} is on the board: ${plainLine(sourcesIn(values).join(", "))}.`);
    noteUnchecked(context, added.unchecked);
    if (client === null) context.out.note("Start the server with pan up, or sync once with pan sync.");
  });
}

async function addHere(context: Context, id: string, values: ProjectValues): Promise<ChangedProjectShape> {
  const [{ addProject, sourcesOfAdding }, { lookForSources }, { toProjectShape }] = await Promise.all([
    import("../../config/edit-projects.ts"),
    import("../../trackers/look-for-sources.ts"),
    import("../../server/shapes/project-shape.ts"),
  ]);
  const { clock, version } = context;
  const file = await fileOf(context);
  const { connections } = file.surroundings;
  const unchecked = await lookForSources(sourcesOfAdding(id, values, file), {
    trackers,
    connections,
    clock,
    userAgent: `panopticon/${version}`,
  });
  await editAlone(context, () => addProject(id, values, file));
  const project = (await loadConfig(context, "none")).projects.find((one) => one.id === id);
  if (project === undefined) throw new Error("a project that was just added is there");
  return { ...toProjectShape(project), unchecked: [...unchecked] };
}

const sourcesIn = (values: ProjectValues): string[] =>
  sourceKeys.flatMap(({ definition }) => asTexts(values[definition.key]));

const asTexts = (value: unknown): string[] => [value].flat().filter((one): one is string => typeof one === "string");

async function fileOf(context: Context, programs?: AskedPrograms) {
  const { paths, env } = context;
  const { connections } = await loadConfig(context, programs);
  const surroundings = { connections, userHome: userHome(env), configFile: paths.configFile };
  return { projectsFile: paths.projectsFile, trackers, surroundings } satisfies ProjectsFileContext;
}

async function toValues(context: Context, path: string | undefined, options: AddOptions): Promise<ProjectValues> {
  const named = readSourceFlags(options);
  const isNamed = Object.keys(named).length > 0;
  const found = isNamed && path === undefined ? null : await findInCheckout(context, path ?? ".", isNamed);
  const key = Object.values(named)[0] ?? (found === null ? undefined : Object.values(found.sources)[0]);
  const first = Array.isArray(key) ? String(key[0]) : String(key);
  return {
    name: options.name ?? first.split("/").at(-1) ?? first,
    ...(found !== null && { path: found.path }),
    ...(isNamed ? named : found?.sources),
    ...(found !== null && !isNamed && found.connections !== undefined && { connections: found.connections }),
    ...(options.history !== undefined && { history: options.history }),
  };
}

type Found = {
  readonly path: string;
  readonly sources: Readonly<Record<string, string>>;
  readonly connections?: Readonly<Record<string, string>>;
};

/** The checkout at a path, and the source that one of its remotes belongs to. */
async function findInCheckout(context: Context, path: string, pathOnly: boolean): Promise<Found> {
  const folder = resolve(context.cwd, path);
  const runCommand = createRunCommand(context.env);
  const checkout = await findCheckout(folder, runCommand);
  if (checkout === null) {
    if ((await runCommand("git", ["--version"])) === null) {
      throw new PanopticonError(
        "not_found",
        "git is not installed; it is needed to find the repository of a checkout.",
        {
          hint: `Install it, or give a source. ${nameASource("pan project add")}`,
        },
      );
    }
    throw new PanopticonError("not_found", `${folder} is not a git checkout.`, {
      hint: nameASource("pan project add"),
    });
  }
  const top = realpathSync(checkout.path);
  if (pathOnly) return { path: top, sources: {} };
  const { connections } = await loadConfig(context, "none");
  const source = findRemoteSource(checkout.remotes, trackers, connections);
  if (source === null) {
    const what = checkout.remotes.length === 0 ? "has no remote" : "has no remote on a known tracker's server";
    throw new PanopticonError("not_found", `The checkout ${top} ${what}.`, { hint: nameASource("pan project add") });
  }
  const { tracker, connection } = source;
  return {
    path: top,
    sources: { [source.sourceKey]: source.value },
    ...(connection !== tracker.id && { connections: { [tracker.id]: connection } }),
  };
}

async function listProjects(context: Context, options: { json?: boolean }): Promise<void> {
  const { out } = context;
  const reading = await openReading(context, { sync: false });
  try {
    const [listed, problems] = await Promise.all([reading.projects(), reading.problems()]);
    const { projects } = listed;
    printProblems(out, problems);
    if (options.json) {
      out.json(listed);
      return;
    }
    const isBroken = problems.some(({ severity }) => severity === "error");
    if (projects.length === 0 && !isBroken) out.note("No projects yet. Add one with pan project add.");
    printTable(
      out,
      [
        { title: "PROJECT" },
        { title: "NAME", shrink: 1 },
        { title: "SOURCES", shrink: 2, least: 20 },
        { title: "PATH", shrink: 3 },
      ],
      projects.map(({ id, name, sources, path }) => [
        { text: plainLine(id), style: "bold" },
        { text: plainLine(name) },
        { text: plainLine(sources.map((source) => source.id).join(", ")) },
        { text: plainLine(path ?? ""), style: "dim" },
      ]),
    );
  } finally {
    await reading.close();
  }
}
