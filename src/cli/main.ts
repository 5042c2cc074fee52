#!/usr/bin/env node
import { writeSync } from "node:fs";
import module from "node:module";

// Caches compiled code between runs, which halves the time of a listing; must come before the other imports.
module.enableCompileCache?.();

/** A reader that closes the pipe (`pan issues | head`) ends a command silently. A server stops as with `pan down`, and closes everything. */
let isReaderGone = false;
const endSilently = (): void => {
  if (process.listenerCount("SIGTERM") === 0) process.exit(0);
  if (!isReaderGone) process.kill(process.pid, "SIGTERM");
  isReaderGone = true;
};
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE" || isReaderGone) return endSilently();
  // Report at once: the process may be about to exit as if it had succeeded.
  const why = error.code === "ENOSPC" ? "the disk is full" : error.message;
  try {
    writeSync(2, `The output could not be written: ${why}.\n`);
  } finally {
    process.exit(1);
  }
});

// Notes that nobody can read any more change neither what a command does nor its exit code. A server's are all of its output.
process.stderr.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE" && process.listenerCount("SIGTERM") > 0) endSilently();
});

// Handles uncaught errors. Loaded lazily, so that listings start without it.
const speak = (thrown: unknown): void => {
  void import("./last-words.ts").then(
    ({ speakLastWords }) => speakLastWords(thrown),
    () => process.exit(1),
  );
};
process.once("uncaughtException", speak).once("unhandledRejection", speak);
// Node's crash report would contain the environment, including the trackers' keys.
if (process.report !== undefined) process.report.excludeEnv = true;

const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  process.stderr.write(`Panopticon needs Node 24 or newer; this is ${process.version}.\nSee https://nodejs.org.\n`);
  process.exitCode = 1;
} else {
  if (process.argv[2] === "up" || process.argv[2] === "demo") {
    const { becomeLean } = await import("./lean-process.ts");
    becomeLean();
  }
  const { run } = await import("./run.ts");
  process.exitCode = await run(process.argv.slice(2), process.env, process);
  // Write errors are reported one turn later.
  await new Promise((resolve) => setImmediate(resolve));
  // Exit directly: Node's own shutdown takes a tenth of a listing's time. First wait for a slow reader to drain the output.
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writableLength > 0) await new Promise<void>((resolve) => stream.write("", () => resolve()));
  }
  process.exit();
}
