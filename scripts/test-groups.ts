import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { shortSeconds, testSeconds } from "./test-seconds.ts";

/**
 * Signs that a file needs a process of its own: changes to the process would affect every other file, and a file that starts programs may depend on its
 * process' signals, children or memory.
 */
const needsOwnProcess = [
  /\bmock\.|\bglobalThis\b|node:diagnostics_channel|node:child_process|node:worker_threads|PanHome\b/,
  /\bprocess\.(?!env\b|cwd\b|platform\b|execPath\b|getuid\b)/,
  /\bprocess\.env\S* = |\bdelete process\.env/,
];

/**
 * Files that start servers, browsers and other programs, or that take a minute; and one that must not be delayed for the half second after which the HTTP
 * adapter drops an unread body.
 */
const alone = /^(?:test|bench)\/|simulation\.test\.ts$|^src\/server\/webhook-calls\.test\.ts$/;

/** Files that spend most of their time waiting for programs, clocks and each other. */
const waitsMostly = /^test\/(?:faults\/(?:processes|gitlab)|end-to-end\/(?:dispatch|live|canaries))\.test\.ts$/;

/** Groups of files that share processes, and how many per process: the store's share one PostgreSQL server. */
const rooms = [
  { name: "store", has: (file: string) => file.startsWith("src/store/"), filesPerProcess: 12 },
  { name: "others", has: (file: string) => !file.startsWith("src/store/"), filesPerProcess: 20 },
] as const;

/** The files to start, one process each. `waiting`: those that leave the CPU to others most of the time. */
export type TestFiles = { readonly working: readonly string[]; readonly waiting: readonly string[] };

/**
 * The files to start, longest first, so that no core idles at the end. Test files that need no process of their own share one, because starting a process costs
 * more than most of them. `folder` is emptied and receives the generated group files. `files` are relative to `root`; the result has absolute paths.
 */
export function groupTests(
  files: readonly string[],
  { root, folder }: { readonly root: string; readonly folder: string },
): TestFiles {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const isShared = (file: string) => !alone.test(file) && sharesItsProcess(readFileSync(join(root, file), "utf8"));
  const shared = files.filter(isShared);
  const own = files.filter((file) => !shared.includes(file));
  const groups = rooms.flatMap(({ name, has, filesPerProcess }) => {
    const members = shared.filter(has);
    const count = Math.ceil(members.length / filesPerProcess);
    return deal(members, count).map((group, index) => {
      const path = join(folder, `${name}-${index + 1}.mjs`);
      writeFileSync(path, groupText(group, root));
      return { path, seconds: secondsOf(group) };
    });
  });
  const started = (file: string) => ({ path: join(root, file), seconds: secondsOf([file]) });
  const usesBrowser = (file: string) => file.startsWith("test/browser/");
  const browsers = own.filter(usesBrowser).map(started);
  const waiting = own.filter((file) => waitsMostly.test(file)).map(started);
  const others = own.filter((file) => !usesBrowser(file) && !waitsMostly.test(file)).map(started);
  const paths = (list: readonly Started[]) => list.map(({ path }) => path);
  return { working: paths(spread(browsers, others, groups)), waiting: paths(spread(waiting)) };
}

type Started = { readonly path: string; readonly seconds: number };

/** Interleaves the lists, each longest first, evenly over the whole run: several browsers at a time would make each other miss their deadlines. */
function spread(...lists: readonly (readonly Started[])[]): readonly Started[] {
  return lists
    .flatMap((list) => {
      const total = list.reduce((sum, { seconds }) => sum + seconds, 0);
      let before = 0;
      return list
        .toSorted((one, other) => other.seconds - one.seconds)
        .map((started) => {
          const at = before / total;
          before += started.seconds;
          return { started, at };
        });
    })
    .toSorted((one, other) => one.at - other.at)
    .map(({ started }) => started);
}

/** Splits files into groups of about equal duration: longest first, each into the shortest group so far. */
function deal(files: readonly string[], count: number): readonly (readonly string[])[] {
  const groups = Array.from({ length: count }, () => ({ files: [] as string[], seconds: 0 }));
  for (const file of files.toSorted((one, other) => secondsOf([other]) - secondsOf([one]))) {
    const least = groups.reduce((best, group) => (group.seconds < best.seconds ? group : best));
    least.files.push(file);
    least.seconds += secondsOf([file]);
  }
  return groups.map((group) => group.files);
}

function secondsOf(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + (testSeconds[file] ?? shortSeconds), 0);
}

/** Whether a test file can share a process, judging by its text. */
export function sharesItsProcess(text: string): boolean {
  return !needsOwnProcess.some((sign) => sign.test(text));
}

/** One suite per file, so that hooks stay separate; a file that fails to load is one failed test, and the others run. */
function groupText(files: readonly string[], root: string): string {
  const suites = files.map((file) => [file, pathToFileURL(join(root, file)).href]);
  return `import { describe, test } from "node:test";

for (const [name, url] of ${JSON.stringify(suites, null, 2)}) {
  describe(name, async () => {
    try {
      await import(url);
    } catch (error) {
      test("is loaded", () => {
        throw error;
      });
    }
  });
}
`;
}
