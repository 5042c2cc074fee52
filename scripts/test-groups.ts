import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * What makes a file one that needs a process of its own: hooks outside any suite would be every other file's as well, and so would what is done to the process;
 * whoever starts programs may wait for the signals, the children or the memory of its process.
 */
const needsOwnProcess = [
  /^(?:before|after|beforeEach|afterEach)\(/m,
  /\bmock\.|\bglobalThis\b|node:diagnostics_channel|node:child_process|node:worker_threads|PanHome\b/,
  /\bprocess\.(?!env\b|cwd\b|platform\b|execPath\b|getuid\b)/,
  /\bprocess\.env\S* = |\bdelete process\.env/,
];

/** Files that start servers, browsers and other programs, or that take a minute. */
const alone = /^(?:test|bench)\/|simulation\.test\.ts$/;

/** Which shared files go together, and how many in one process: those of the store share one PostgreSQL server. */
const rooms = [
  { name: "store", has: (file: string) => file.startsWith("src/store/"), filesPerProcess: 8 },
  { name: "others", has: (file: string) => !file.startsWith("src/store/"), filesPerProcess: 20 },
] as const;

/** By how long their files take; what is in none of them is short. */
const longestFirst = [
  "test/faults/processes",
  "test/browser/",
  "test/end-to-end/",
  "test/",
  "src/sync/",
  "src/cli/",
  "src/work/",
];

/**
 * The files that the runner is to start, a process each, the longest first so that no core waits for one at the end. Test files that have no need of a process of
 * their own are several in one: a process's start costs more than most of them. `folder` is emptied, and gets the files that stand for several. `files` lie below
 * `root`; the result has whole paths.
 */
export function groupTests(
  files: readonly string[],
  { root, folder }: { readonly root: string; readonly folder: string },
): string[] {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const whole = (file: string) => join(root, file);
  const isShared = (file: string) => !alone.test(file) && sharesItsProcess(readFileSync(whole(file), "utf8"));
  const shared = files.filter(isShared);
  const own = files.filter((file) => !shared.includes(file));
  const rank = (file: string) => longestFirst.findIndex((prefix) => file.startsWith(prefix));
  const long = own.filter((file) => rank(file) !== -1).toSorted((one, other) => rank(one) - rank(other));
  const groups = rooms.flatMap(({ name, has, filesPerProcess }) => {
    const members = shared.filter(has);
    const count = Math.ceil(members.length / filesPerProcess);
    return Array.from({ length: count }, (_, index) => {
      const path = join(folder, `${name}-${index + 1}.mjs`);
      // Every n-th, since neighbours take about equally long.
      writeFileSync(path, groupText(members.filter((_file, at) => at % count === index).map(whole)));
      return path;
    });
  });
  return [...long.map(whole), ...groups, ...own.filter((file) => rank(file) === -1).map(whole)];
}

/** Whether a test file can run in one process with others, by its text. */
export function sharesItsProcess(text: string): boolean {
  return !needsOwnProcess.some((sign) => sign.test(text));
}

/** A file that cannot be loaded is one failed test, and the others run. */
function groupText(paths: readonly string[]): string {
  const urls = JSON.stringify(
    paths.map((path) => pathToFileURL(path).href),
    null,
    2,
  );
  return `import { test } from "node:test";

for (const url of ${urls}) {
  try {
    await import(url);
  } catch (error) {
    test(url, () => {
      throw error;
    });
  }
}
`;
}
