import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createEmulator, type Emulator } from "emulate";
import { after, before } from "../../../test/support/hooks.ts";
import { systemClock } from "../../domain/clock.ts";
import { hasCode } from "../conformance/assert-code.ts";
import { createHttpClient } from "../http/create-http-client.ts";
import type { TrackerConnection } from "../tracker.ts";
import { linear } from "./index.ts";

// An independent emulator, so that the adapter and our own emulator cannot share a mistake. Its issue lists deviate from Linear's schema (`IssueFilter.team`
// takes a text; relations, label ids, complexity and limits are missing), so only the account and the teams are tested here; the published schema covers the
// rest (published.test.ts).

describe("with the emulator of the package `emulate`", () => {
  let emulator: Emulator;

  function connect(apiKey: string): TrackerConnection {
    const { client } = createHttpClient({
      policy: linear.http,
      values: { apiKey, server: emulator.url },
      clock: systemClock,
      userAgent: "Panopticon/test",
    });
    return linear.connect(client);
  }

  before(async () => {
    emulator = await createEmulator({
      service: "linear",
      port: 0,
      seed: {
        linear: {
          organization: { name: "Acme", url_key: "acme" },
          users: [{ email: "admin@example.com", name: "Admin User", admin: true }],
          teams: [
            { key: "ENG", name: "Engineering" },
            { key: "OPS", name: "Operations" },
          ],
          tokens: [{ token: "oauth_of_admin", user: "admin@example.com", scopes: ["read", "write"] }],
        },
      },
    });
  });
  after(() => emulator.close());

  it("verifies the account", async () => {
    const account = await connect("oauth_of_admin").verify();
    assert.equal(account.name, "Admin User");
    assert.deepEqual(account.missing, []);
  });

  it("finds the teams", async () => {
    const sources = await Array.fromAsync(connect("oauth_of_admin").sources());
    assert.deepEqual(sources.map(({ key, name }) => `${key} ${name}`).sort(), ["ENG Engineering", "OPS Operations"]);
  });

  it("reports what it does not support", async () => {
    const source = { key: "ENG", historyMs: null, nativeId: null };
    await assert.rejects(
      connect("oauth_of_admin").describe(source, {}),
      hasCode("invalid_response", (error) => error.message.includes("members")),
    );
  });
});
