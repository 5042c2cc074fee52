import assert from "node:assert/strict";
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import type { Emulator } from "../../emulators/emulator.ts";
import { emulatedTrackers } from "../../emulators/start.ts";
import { after, before } from "../../test/support/hooks.ts";
import { sendRequest } from "../../test/support/send-request.ts";
import { findTracker } from "../trackers/registry.ts";
import { ValidationFailureShape, ValidationShape } from "./contract/tracker.ts";
import { type RealServer, startRealServer } from "../../test/support/real-server.ts";

// Tests credentials against running trackers.

let stage: RealServer;
before(async () => {
  stage = await startRealServer();
});
after(() => stage.close());

/** The request body for an emulator's credentials. */
function bodyOf(emulator: Emulator, credentials: Readonly<Record<string, string>>): Record<string, string> {
  const fields = findTracker(emulator.tracker)?.credentialFields ?? [];
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = field.env.map((key) => credentials[key]).find((found) => found !== undefined);
      return value === undefined ? [] : [[field.name, value]];
    }),
  );
}

describe("validate", () => {
  for (const tracker of emulatedTrackers) {
    const emulator = () => {
      const found = stage.emulators.find((candidate) => candidate.tracker === tracker);
      assert.ok(found);
      return found;
    };
    const validate = (body: unknown) => sendRequest(stage.port, `/api/${tracker}/validate`, { method: "POST", body });

    test(`${tracker}: valid credentials return the account and its sources`, async () => {
      const answer = await validate(bodyOf(emulator(), emulator().credentials));
      assert.equal(answer.status, 200, answer.text);
      const result = ValidationShape.parse(answer.json());
      assert.ok(result.account.login !== "");
      for (const { key } of emulator().sources) assert.ok(result.sources.some((source) => source.key === key));
    });

    test(`${tracker}: distinguishes wrong credentials, an invalid server and another server`, async () => {
      const good = bodyOf(emulator(), emulator().credentials);
      const secret = findTracker(tracker)?.credentialFields.find((field) => field.secret)?.name ?? "";
      for (const [body, errorType] of [
        [{ ...good, [secret]: "wrong" }, "auth"],
        [{ ...good, server: "http://127.0.0.1:1" }, "network"],
        [{ ...good, server: "ftp://127.0.0.1" }, "input"],
        [{ ...good, server: "file:///etc/passwd" }, "input"],
        [{}, "input"],
      ] as const) {
        const answer = await validate(body);
        assert.equal(answer.status, 400, answer.text);
        const failure = ValidationFailureShape.parse(answer.json());
        assert.equal(failure.errorType, errorType, answer.text);
        assert.ok(!answer.text.includes(good[secret] ?? "-"));
      }
    });

    test(`${tracker}: credentials do not follow a redirect`, async () => {
      const asked: string[] = [];
      const elsewhere = createHttpServer((request, response) => {
        asked.push(JSON.stringify(request.headers));
        response.end("{}");
      });
      const redirecting = createHttpServer((_, response) => {
        const { port: other } = elsewhere.address() as AddressInfo;
        response.writeHead(302, { location: `http://127.0.0.1:${other}/` }).end();
      });
      for (const each of [elsewhere, redirecting]) {
        await new Promise<void>((resolve) => {
          each.listen(0, "127.0.0.1", resolve);
        });
      }
      try {
        const server = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}`;
        const answer = await validate({ ...bodyOf(emulator(), emulator().credentials), server });
        assert.equal(answer.status, 400);
        assert.deepEqual(asked, []);
      } finally {
        for (const each of [elsewhere, redirecting]) each.close();
      }
    });
  }
});
