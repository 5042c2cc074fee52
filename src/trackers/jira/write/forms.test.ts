import assert from "node:assert/strict";
import { it } from "node:test";
import { startLocalServer } from "../../conformance/local-server.ts";
import { setStage } from "../../conformance/stage.ts";
import { jiraSubjects } from "../subject.ts";

for (const subject of jiraSubjects) {
  it(`${subject.label ?? "Jira"}: reads the types and fields of new issues to the last page, however short Jira's pages are`, async (t) => {
    const { connection, open, source, emulator } = await setStage(t, subject, { issues: 5 });
    const server = emulator.credentials["JIRA_URL"] ?? "";
    const proxy = await startLocalServer(async (request, response) => {
      const url = new URL(request.url, new URL(server).origin);
      if (url.pathname.includes("/createmeta/")) url.searchParams.set("maxResults", "3");
      const headers = { authorization: request.headers.authorization ?? "" };
      const answer = await fetch(url, { headers });
      response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
      response.end(await answer.text());
    });
    t.after(() => proxy.close());
    const { types } = await connection.describe(source, {});
    assert.ok(types.length > 3 && types.some(({ has = [] }) => has.length > 6));
    const address = proxy.url + new URL(server).pathname.replace(/\/$/, "");
    const short = open({ credentials: { JIRA_URL: address } }).connection;
    assert.deepEqual((await short.describe(source, {})).types, types);
  });
}
