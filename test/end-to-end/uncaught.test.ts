import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { IssueListShape } from "../../src/server/contract/issue.ts";
import { type CanaryStage, plantCanaries } from "../support/canary-stage.ts";
import { after, before } from "../support/hooks.ts";
import { eventually, startPan } from "../support/stage.ts";

// Uncaught errors that contain planted keys.

const limit = { timeout: 240_000 };

let stage: CanaryStage;
before(async () => {
  stage = await plantCanaries();
  await stage.stop();
}, limit);
after(() => stage[Symbol.asyncDispose]());

/** Crashes a running process on SIGUSR2, with its keys in the error. */
const breaker = `data:text/javascript,${encodeURIComponent(`
  process.once("SIGUSR2", () => {
    const keys = [process.env.GITHUB_TOKEN, process.env.CANARY_FROM_FILE].join(" ");
    const error = Object.assign(new TypeError("cannot read " + keys, { cause: new Error("sent " + btoa("x:" + keys)) }), { headers: { authorization: keys } });
    process.emitWarning("beware of " + keys);
    if (process.env.HOW_TO_BREAK === "rejection") Promise.reject(error);
    else setImmediate(() => setImmediate(() => { throw error; }));
  });
`)}`;

for (const { how, debug } of [
  { how: "exception", debug: "" },
  { how: "rejection", debug: "*" },
]) {
  test(
    `an uncaught ${how} ends the server in plain words, without a secret${debug && ", with DEBUG=* too"}`,
    limit,
    async () => {
      const reports = mkdtempSync(join(stage.folder, "reports-"));
      const broken = await startPan(stage.home, {
        env: {
          ...stage.environment,
          CANARY_FROM_FILE: stage.secretOf("LINEAR_API_KEY"),
          HOW_TO_BREAK: how,
          DEBUG: debug,
          NODE_OPTIONS: `--import=${breaker} --report-uncaught-exception --report-on-fatalerror --report-on-signal --report-signal=SIGURG --report-directory=${reports}`,
        },
      });
      broken.process.kill("SIGURG");
      const report = await eventually(() => {
        const [name] = readdirSync(reports);
        const text = name === undefined ? "" : readFileSync(join(reports, name), "utf8");
        return text.trimEnd().endsWith("}") ? text : undefined;
      }, "the report of Node");
      assert.match(report, /"javascriptStack"/);
      broken.process.kill("SIGUSR2");
      const { code, stdout, stderr } = await broken.finished;
      assert.equal(code, 1);
      assert.match(stderr, /Something went wrong inside Panopticon: cannot read •••/);
      if (debug === "") assert.doesNotMatch(stderr, /\n\s+at /);
      else assert.match(stderr, /\n\s+at /);
      for (const name of readdirSync(reports)) stage.keep(`report ${name}`, readFileSync(join(reports, name), "utf8"));
      stage.keep("standard error", stderr);
      stage.keep("standard output", stdout.replace(/^Open \S+$/m, ""));
      stage.assertNoCanary();
      if (how === "rejection") return;
      // The next server finds everything in order.
      const next = await startPan(stage.home, { env: stage.environment });
      assert.equal((await next.get<IssueListShape>("/api/issues?limit=1")).total, stage.issues.length);
      await next.stop();
    },
  );
}
