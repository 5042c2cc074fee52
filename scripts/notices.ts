import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";

const root = join(import.meta.dirname, "..");
const recorded = (build: string) => join(root, ".cache", "bundled", `${build}.json`);

/** The part of a chunk that a bundler's plugin uses. */
type Output = { readonly type: string; readonly moduleIds?: readonly string[] };

/** A plugin for tsdown and Vite that records which packages a build used, for `writeNotices`. */
export function recordPackages(build: string) {
  return {
    name: "record-packages",
    generateBundle(_options: unknown, bundle: Readonly<Record<string, Output>>): void {
      const modules = Object.values(bundle).flatMap(({ moduleIds = [] }) => moduleIds);
      const folders = new Set(modules.flatMap((id) => packageFolder(id) ?? []));
      mkdirSync(dirname(recorded(build)), { recursive: true });
      writeFileSync(recorded(build), JSON.stringify([...folders].sort()));
    },
  };
}

/** The package folder in a module id, `…/node_modules/name` or `…/node_modules/@scope/name`; null: our own module. */
function packageFolder(id: string): string | null {
  const mark = `node_modules${sep}`;
  const start = id.lastIndexOf(mark);
  if (start === -1) return null;
  const [first = "", second = ""] = id.slice(start + mark.length).split(/[\\/?]/);
  return (
    id.slice(id.startsWith("\0") ? 1 : 0, start + mark.length) + (first.startsWith("@") ? join(first, second) : first)
  );
}

/** Writes the licences of all packages used by the builds, because most require their text with every copy. Throws if a package does not state its licence. */
export function writeNotices(builds: readonly string[], file: string): void {
  const folders = builds.flatMap((build) => JSON.parse(readFileSync(recorded(build), "utf8")) as string[]);
  const notices = new Map([...new Set(folders)].map((folder) => notice(folder)));
  const entries = [...notices].sort(([a], [b]) => (a < b ? -1 : 1)).map(([title, text]) => `${title}\n\n${text}\n`);
  const intro = "Panopticon contains parts of the packages below, each under its own licence.\n";
  writeFileSync(file, [intro, ...entries].join(`\n${"-".repeat(80)}\n\n`));
}

type Manifest = {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
};

function notice(folder: string): readonly [title: string, text: string] {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const { name, version, license, author } = manifest;
  if (license === undefined) throw new Error(`${name} ${version} does not say under which licence it is.`);
  const texts = globSync("{LICENSE,LICENCE,License,license,NOTICE,COPYING}*", { cwd: folder })
    .filter((found) => !/\.(?:js|ts|json)$/.test(found))
    .sort()
    .map((found) => readFileSync(join(folder, found), "utf8").trim());
  const by = typeof author === "object" ? author.name : author;
  const text = texts.length > 0 ? texts.join("\n\n") : `${license}${by === undefined ? "" : `, by ${by}`}`;
  return [`${name} ${version} (${license})`, text];
}
