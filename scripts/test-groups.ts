import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** A process's start costs as much as most of these files' own tests. */
const filesPerProcess = 20;

/**
 * What makes a file one that needs a process of its own: hooks outside any suite would be every other file's as well, and so would what is done to the process;
 * a process of its own is also what a file needs that waits for the signals, the children or the memory of its process.
 */
const needsOwnProcess = [
  /^(?:before|after|beforeEach|afterEach)\(/m,
  /\bmock\.|\bglobalThis\b|node:diagnostics_channel|node:child_process|node:worker_threads|PanHome\b|postgres/i,
  /\bprocess\.(?!env\b|cwd\b|platform\b|execPath\b|getuid\b)/,
  /\bprocess\.env\S* = |\bdelete process\.env/,
];

/** Folders whose tests start servers, browsers and other programs. */
const alone = /^(?:test|src\/cli|src\/work|src\/store|src\/sync|bench)\//;

/**
 * The test files as the runner is to start them, each a process: the longest first, so that none is left over at the end; and of those that have no need of
 * a process of their own several in one. `folder` is emptied and gets the files that stand for several.
 */
export function groupTests(
  files: readonly string[],
  options: { readonly root: string; readonly folder: string },
): string[] {
  const { root, folder } = options;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const shared = files.filter((file) => !alone.test(file) && sharesItsProcess(readFileSync(join(root, file), "utf8")));
  const own = files.filter((file) => !shared.includes(file));
  const count = Math.ceil(shared.length / filesPerProcess);
  const groups = Array.from({ length: count }, (_, index) => {
    const path = join(folder, `group-${index + 1}.mjs`);
    // Every n-th, since neighbours take about equally long.
    writeFileSync(path, groupText(shared.filter((_file, at) => at % count === index).map((file) => join(root, file))));
    return path;
  });
  return [...longestFirst(own).map((file) => join(root, file)), ...groups];
}

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

/** Folders by how long their files take; the others come after them. */
const longest = ["test/faults/processes", "test/browser", "test/end-to-end", "test", "src/cli", "src/sync", "src/work"];

function longestFirst(files: readonly string[]): string[] {
  const rank = (file: string) => {
    const found = longest.findIndex((prefix) => file.startsWith(prefix));
    return found === -1 ? longest.length : found;
  };
  return files.toSorted((one, other) => rank(one) - rank(other));
}
