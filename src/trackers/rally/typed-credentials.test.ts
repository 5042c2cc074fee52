import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemClock } from "../../domain/clock.ts";
import { startLocalServer } from "../conformance/local-server.ts";
import { setStage } from "../conformance/stage.ts";
import { validateCredentials } from "../validate.ts";
import { rally } from "./index.ts";
import { rallySubject as subject } from "./subject.ts";

describe("typed credentials", () => {
  const options = { clock: systemClock, userAgent: "Panopticon/test" };

  it("accept the workspace and project in every form", async (t) => {
    const { emulator, source } = await setStage(t, subject, { issues: 10, sources: 2 });
    const [workspace, project] = source.key.split("/");
    const known = { apiKey: emulator.credentials["RALLY_API_KEY"], server: emulator.url };
    for (const given of [
      {},
      { workspace },
      { workspace: `/workspace/${workspace}`, project: `/project/${project}` },
      { project },
      { workspace: `https://rally1.rallydev.com/#/workspace/${workspace}/project/${project}` },
    ]) {
      const answer = await validateCredentials(rally, { ...known, ...given }, options);
      assert.ok(answer.valid, JSON.stringify(answer));
      assert.equal(answer.sources.length, 2);
      assert.match(answer.message, /2 projects/);
    }
    assert.ok(
      (await validateCredentials(rally, { ...known, server: `${emulator.url}/slm/webservice/v2.0` }, options)).valid,
    );
  });

  it("are answered with what is wrong and what to set", async (t) => {
    const { emulator, source } = await setStage(t, subject, { issues: 10, sources: 2 });
    const [workspace] = source.key.split("/");
    const [, hidden = ""] = emulator.sources[1]?.key.split("/") ?? [];
    const good = { apiKey: emulator.credentials["RALLY_API_KEY"], server: emulator.url };
    const weak = { ...good, apiKey: emulator.weakCredentials.values["RALLY_API_KEY"] };
    for (const [given, errorType, words] of [
      [{ ...weak, workspace, project: hidden }, "query", new RegExp(`/project/${hidden}`)],
      [{ ...good, workspace: "99" }, "query", /workspace\/99/],
      [{ ...good, workspace, project: "99" }, "query", /project\/99/],
      [{ ...good, workspace: "My Workspace" }, "input", /is not a workspace/],
      [{ ...good, apiKey: "_expired" }, "auth", /API key/],
      [{ ...good, workSpace: "1" }, "input", /workSpace/],
    ] as const) {
      const answer = await validateCredentials(rally, given, options);
      assert.ok(!answer.valid, JSON.stringify(given));
      assert.equal(answer.errorType, errorType, JSON.stringify(answer));
      assert.match(answer.error, words);
      assert.ok(answer.hint.length > 10);
    }
  });

  it("that make Rally refuse a query are answered with the query", async (t) => {
    const server = await startLocalServer((request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
        request.url.includes("/user")
          ? JSON.stringify({ User: { ObjectID: 1, _ref: "/user/1", UserName: "a@b.example" } })
          : JSON.stringify({
              QueryResult: {
                Errors: ['Could not parse: Error parsing expression -- expected ")" but saw "AND" instead.'],
              },
            }),
      );
    });
    t.after(() => server.close());
    const answer = await validateCredentials(rally, { apiKey: "_key", workspace: "1", server: server.url }, options);
    assert.ok(!answer.valid);
    assert.equal(answer.errorType, "query");
    assert.match(answer.error, /saw "AND".*The query was \(ObjectID > 0\)/);
    assert.match(answer.hint, /workspace or project.*key.*expired/);
  });
});
