import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { RecordedRequest } from "../../../emulators/emulator.ts";
import { createMirror } from "./mirror.ts";
import { setStage, type Subject } from "./stage.ts";

/** A published specification, which is next to the checkout on some machines. */
export function findSpecification(name: string): { readonly text: () => string } | { readonly missing: string } {
  const path = join(import.meta.dirname, "../../../../shared/specs", name);
  return existsSync(path)
    ? { text: () => readFileSync(path, "utf8") }
    : { missing: `../shared/specs/${name} is not on this machine` };
}

/** Records every request of an adapter while it does everything it can. */
export async function recordRequests(t: TestContext, subject: Subject): Promise<readonly RecordedRequest[]> {
  const { connection, source, emulator } = await setStage(t, subject, { issues: 400, sources: 2 });
  const signal = new AbortController().signal;
  const [own, other] = emulator.sources;
  if (!own || !other) throw new Error("two sources are needed");

  await connection.verify();
  await Array.fromAsync(connection.sources());
  const { info } = await connection.describe(source, {});
  await connection.describe({ ...source, nativeId: info.id }, {});
  const mirror = createMirror();
  const windowed = { ...source, nativeId: info.id, historyMs: 90 * 24 * 60 * 60_000 };
  await mirror.pull(connection, windowed, { breakAfter: 1 });
  await mirror.pull(connection, windowed);
  await mirror.pull(connection, windowed);
  for (const issue of emulator.world.issues(source.key).slice(0, 40)) {
    emulator.world.edit(issue.nativeId, { title: "touched" });
  }
  await mirror.pull(connection, windowed);
  await mirror.pull(connection, windowed);
  await mirror.pull(connection, windowed);
  await Array.fromAsync(connection.sweep(source, signal));
  await Array.fromAsync(connection.sweep(windowed, signal));
  await connection.countOutside(windowed);
  for (const { nativeId, key } of emulator.world.issues(source.key).slice(0, 40)) {
    await connection.read(windowed, nativeId, key);
  }
  const [talked] = emulator.world.issues(source.key);
  for (let index = 0; index < 120; index++) emulator.world.comment(talked?.nativeId ?? "", `Comment ${index}`);
  await Array.fromAsync(connection.comments(source, talked?.nativeId ?? "", talked?.key ?? ""));
  return emulator.requests.list();
}
