import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document, type YAMLMap } from "yaml";
import { PanopticonError } from "../domain/error.ts";
import { nearestWord } from "../domain/nearest-word.ts";
import type { SourceConfig } from "../domain/source.ts";
import { writeFileAtomically } from "./atomic-file.ts";
import type { ConfigProblem, TrackerKeys } from "./config.ts";
import { keepLines } from "./keep-lines.ts";
import { checkId, emptyProjectsFile, projectsFileShape } from "./projects-shape.ts";
import { toProjects, type ProjectContext } from "./projects.ts";
import { readText } from "./read-text.ts";
import { readYamlText } from "./yaml-file.ts";
import { indentOf } from "./yaml-text.ts";

/** Keys of projects.yaml with their new values; null removes a key. */
export type ProjectValues = Readonly<Record<string, unknown>>;

export type ProjectsFileContext = {
  readonly projectsFile: string;
  readonly trackers: readonly TrackerKeys[];
  /** What else determines whether the projects are consistent: with it, an edit that would name a source twice is refused. */
  readonly surroundings?: Omit<ProjectContext, "trackers" | "note">;
};

/** Adds a project after the others. Throws `conflict` if the id is taken, `invalid_input` for invalid values. */
export function addProject(id: string, values: ProjectValues, context: ProjectsFileContext): void {
  write(planAdding(id, values, context), context);
}

/** Changes keys of a project; the others stay, including comments. Throws `not_found`, `invalid_input`. */
export function updateProject(id: string, values: ProjectValues, context: ProjectsFileContext): void {
  write(planUpdate(id, values, context), context);
}

/** The sources that adding a project would add. Writes nothing; throws what `addProject` would. */
export function sourcesOfAdding(id: string, values: ProjectValues, context: ProjectsFileContext): NewSources {
  return newSources(planAdding(id, values, context));
}

/** The sources that changing a project would add. Writes nothing; throws what `updateProject` would. */
export function sourcesOfUpdate(id: string, values: ProjectValues, context: ProjectsFileContext): NewSources {
  return newSources(planUpdate(id, values, context));
}

type NewSources = readonly SourceConfig[];

function newSources({ sourcesBefore, sourcesAfter }: Plan): NewSources {
  const known = new Set(sourcesBefore.map(({ id }) => id.toLowerCase()));
  return sourcesAfter.filter(({ id }) => !known.has(id.toLowerCase()));
}

function planAdding(id: string, values: ProjectValues, context: ProjectsFileContext): Plan {
  const wrong = checkId(id);
  if (wrong) throw new PanopticonError("invalid_input", `"${id}" ${wrong}.`, { field: "id" });
  return plan(id, context, (document, projects) => {
    if (projects.has(id)) {
      throw new PanopticonError("conflict", `A project "${id}" already exists.`, {
        field: "id",
        hint: "Choose another id, or change that project.",
      });
    }
    const present = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
    projects.set(document.createNode(id), document.createNode(Object.fromEntries(present)));
  });
}

function planUpdate(id: string, values: ProjectValues, context: ProjectsFileContext): Plan {
  return plan(id, context, (document, projects) => {
    const project = find(id, projects);
    for (const [key, value] of Object.entries(values)) {
      if (value === undefined) continue;
      if (value === null) project.delete(key);
      else put(document, project, key, value);
    }
  });
}

/** Sets a key to a value. Unchanged parts, in maps at any depth, keep their nodes and thus the comments on their lines. */
function put(document: Document, map: YAMLMap, key: string, value: unknown): void {
  const before = map.get(key, true);
  if (isScalar(before) && typeof value !== "object") {
    before.value = value;
    return;
  }
  if (!isMap(before) || !isPlainObject(value)) {
    map.set(key, document.createNode(value));
    return;
  }
  const wanted = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  const names = new Set(wanted.map(([name]) => name));
  const nameOf = (key: unknown) => String(isScalar(key) ? key.value : key);
  const left = before.items.filter(({ key }) => !names.has(nameOf(key)));
  for (const { key } of left) before.delete(key);
  for (const [name, inner] of wanted) put(document, before, name, inner);
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Removes a project from the file, with the comments inside it. Throws `not_found`. */
export function removeProject(id: string, context: ProjectsFileContext): void {
  const planned = plan(id, context, (_document, projects) => {
    find(id, projects);
    projects.delete(id);
  });
  write(planned, context);
}

function find(id: string, projects: YAMLMap): YAMLMap {
  const project = projects.get(id, true);
  if (isMap(project)) return project;
  const known = projects.items.map(({ key }) => String(isScalar(key) ? key.value : key));
  const near = nearestWord(id, known);
  throw new PanopticonError("not_found", `There is no project "${id}" in projects.yaml.`, {
    hint:
      near !== undefined
        ? `Did you mean "${near}"?`
        : `It lists ${known.join(", ") || "none"}. To add a project found through a git checkout or the environment, run pan project add.`,
    ...(near !== undefined && { candidates: [near] }),
  });
}

/** The new text of the file, and the sources before and after. */
type Plan = {
  readonly text: string;
  readonly sourcesBefore: readonly SourceConfig[];
  readonly sourcesAfter: readonly SourceConfig[];
};

// Reading, changing and renaming are synchronous, so that two edits of one process never interleave.
function write({ text }: Plan, { projectsFile }: ProjectsFileContext): void {
  writeFileAtomically(projectsFile, text);
}

function plan(id: string, context: ProjectsFileContext, change: (document: Document, projects: YAMLMap) => void): Plan {
  const before = readText(context.projectsFile);
  const { errors: errorsBefore, sources: sourcesBefore } = read(before, context);
  const broken = errorsBefore[0];
  if (broken) {
    throw new PanopticonError("invalid_input", `${toSentence(sentence(broken))} Nothing was changed.`, {
      hint: "Fix the file first; Panopticon does not overwrite a file that it cannot read.",
    });
  }
  const document = parseDocument(before);
  const rewritten = toText(document, before);
  const projects = projectsOf(document);
  change(document, projects);
  const after = keepLines(before, rewritten, toText(document, before));
  const { errors, sources: sourcesAfter } = read(after, context);
  const wrong = errors[0];
  if (wrong) {
    const field = findKeyAt(after, id, wrong);
    throw new PanopticonError("invalid_input", toSentence(capital(wrong.message)), {
      ...hintOf(wrong),
      ...(field !== undefined && { field }),
    });
  }
  return { text: after, sourcesBefore, sourcesAfter };
}

/** The document in the style of its original text. */
function toText(document: Document, before: string): string {
  const text = document.toString({
    lineWidth: 0,
    indent: indentOf(before),
    indentSeq: !/^( *)[\w-]+:[^\n]*\n\1- /m.test(before),
    flowCollectionPadding: !/\{[^\s}]/.test(before),
  });
  // The writer always separates a comment at the end of the file by an empty line.
  const closing = /\n\n((?:#[^\n]*\n)+)$/;
  return closing.test(before) ? text : text.replace(closing, "\n$1");
}

function projectsOf(document: Document): YAMLMap {
  if (!isMap(document.contents)) document.contents = document.createNode({});
  const projects = document.get("projects", true);
  if (isMap(projects)) {
    projects.flow &&= projects.items.length > 0;
    return projects;
  }
  const created = document.createNode({});
  document.set("projects", created);
  return created;
}

/** The project's key whose value a problem is about. */
function findKeyAt(text: string, id: string, { line, column }: ConfigProblem): string | undefined {
  const lines = new LineCounter();
  const project = parseDocument(text, { lineCounter: lines }).getIn(["projects", id], true);
  const start = lines.lineStarts[(line ?? 1) - 1];
  if (!isMap(project) || start === undefined || column === null) return undefined;
  const offset = start + column - 1;
  for (const { key, value } of project.items) {
    const from = isNode(key) ? key.range?.[0] : undefined;
    const to = isNode(value) ? value.range?.[1] : undefined;
    if (from !== undefined && to !== undefined && from <= offset && offset <= to) return String(key);
  }
  return undefined;
}

/** The errors in a text of the file, and its sources; without surroundings the sources are unknown. */
function read(
  text: string,
  { projectsFile, trackers, surroundings }: ProjectsFileContext,
): { readonly errors: readonly ConfigProblem[]; readonly sources: readonly SourceConfig[] } {
  const file = readYamlText(projectsFile, text, projectsFileShape(trackers), emptyProjectsFile);
  const projects =
    surroundings === undefined
      ? []
      : toProjects(file.value.projects, { ...surroundings, trackers, note: file.text.report });
  const errors = file.text.problems.filter(({ severity }) => severity === "error");
  return { errors, sources: projects.flatMap(({ sources }) => sources) };
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
/** A text with the punctuation of a sentence. */
const toSentence = (text: string) => (/[.?]$/.test(text) ? text : `${text}.`);

const sentence = (problem: ConfigProblem) => `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`;
const hintOf = (problem: ConfigProblem) => (problem.hint === null ? {} : { hint: problem.hint });
