#!/usr/bin/env node
import { writeSync } from "node:fs";
import module from "node:module";

// Compiled code is kept between runs, which halves the time a listing takes; asked for before the rest is loaded.
module.enableCompileCache?.();

// A reader that closes its end (`pan issues | head`) ends the command without a complaint.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  // At once: the process may be about to end as if all were said.
  const why = error.code === "ENOSPC" ? "the disk is full" : error.message;
  try {
    writeSync(2, `The output could not be written: ${why}.\n`);
  } finally {
    process.exit(1);
  }
});

// What nobody caught. Loaded when it is needed, so that a listing starts without it.
const speak = (thrown: unknown): void => {
  void import("./last-words.ts").then(
    ({ speakLastWords }) => speakLastWords(thrown),
    () => process.exit(1),
  );
};
process.once("uncaughtException", speak).once("unhandledRejection", speak);
// A report that Node writes about a crash would hold the environment, and the trackers' keys in it.
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
  // What a disk refused is told of a moment later.
  await new Promise((resolve) => setImmediate(resolve));
  // All is done: Node's own way to the end takes a tenth of a listing's time. What a slow reader has not taken yet is waited for.
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writableLength > 0) await new Promise<void>((resolve) => stream.write("", () => resolve()));
  }
  process.exit();
}
