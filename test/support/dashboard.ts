import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type ServerHarness, startServerHarness } from "./server-harness.ts";

const webRoot = join(import.meta.dirname, "../../dist/web");

/** A harness that serves the built dashboard. Fails with what to do where it is not built. */
export function startDashboard(
  options: Omit<Parameters<typeof startServerHarness>[0] & object, "webRoot">,
): Promise<ServerHarness> {
  assert.ok(existsSync(join(webRoot, "index.html")), "the dashboard is not built: npm run build");
  return startServerHarness({ ...options, webRoot });
}
