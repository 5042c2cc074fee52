import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "../../../test/support/stage.ts";
import { systemClock } from "../../domain/clock.ts";
import { createProfileFinder } from "./find-profiles.ts";
import { allProfiles } from "./profiles.ts";

test("only built-in programs are asked for their version; the user's own are found without running them", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "pan-profiles-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const trace = join(folder, "it-ran");
  const program = (name: string, text: string) =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  program("claude", "echo 9.8.7");
  program("mine", `echo Working; touch '${trace}'`);
  const find = createProfileFinder({
    profiles: () => allProfiles({ mine: { command: ["mine"] }, opus: { command: ["claude", "--model", "opus"] } }),
    env: { PATH: `${folder}:${process.env["PATH"] ?? ""}` },
    secret: new Set(),
    clock: systemClock,
  });
  const versions = async () =>
    Object.fromEntries((await find()).map(({ profile, path, version }) => [profile.id, [path !== null, version]]));
  const known = await eventually(async () => {
    const now = await versions();
    return now["claude"]?.[1] === null ? undefined : now;
  }, "claude tells its version");
  assert.deepEqual(
    [known["claude"], known["opus"], known["mine"]],
    [
      [true, "9.8.7"],
      [true, "9.8.7"],
      [true, null],
    ],
  );
  assert.equal(existsSync(trace), false);
});
