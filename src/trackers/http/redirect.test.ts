import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hasCode } from "../conformance/assert-code.ts";
import { startLocalServer } from "../conformance/local-server.ts";
import { json, openClient } from "./sample-client.ts";

describe("redirects", () => {
  it("follows a few same-origin redirects and returns the final URL", async (t) => {
    const { client, server, monitor } = await openClient(t, (request, response) => {
      if (request.url === "/new?page=2") json(response, 200, { here: true });
      else json(response, 301, {}, { location: "/new?page=2" });
    });
    const response = await client.request({ url: "/old" });
    assert.deepEqual(response.body, { here: true });
    assert.equal(response.url, `${server.url}/new?page=2`);
    assert.equal(monitor.requests(), 2);
  });

  it("gives up on a redirect loop", async (t) => {
    const { client, server } = await openClient(t, (_, response) => json(response, 302, {}, { location: "/again" }));
    await assert.rejects(client.request({ url: "/" }), hasCode("invalid_response", /loop/));
    assert.equal(server.seen.length, 4);
  });

  it("sends the credentials nowhere else", async (t) => {
    const other = await startLocalServer((_, response) => json(response, 200, {}));
    t.after(() => other.close());
    const { client } = await openClient(t, (_, response) =>
      json(response, 302, {}, { location: `${other.url}/steal` }),
    );
    await assert.rejects(client.request({ url: "/" }), hasCode("invalid_input", /redirects to/));
    assert.equal(other.seen.length, 0);
  });

  it("keeps a write's method or refuses the redirect", async (t) => {
    const { client, server } = await openClient(t, (request, response) => {
      if (request.url === "/kept") json(response, 307, {}, { location: "/target" });
      else if (request.url === "/lost") json(response, 302, {}, { location: "/target" });
      else json(response, 200, { method: request.method, body: request.body });
    });
    const kept = await client.request({ method: "POST", url: "/kept", body: { a: 1 } });
    assert.deepEqual(kept.body, { method: "POST", body: '{"a":1}' });
    await assert.rejects(client.request({ method: "POST", url: "/lost", body: {} }), hasCode("invalid_input"));
    assert.equal(server.seen.filter((request) => request.url === "/target").length, 1);
  });

  it("follows no redirect if told so", async (t) => {
    const { client } = await openClient(t, (_, response) => json(response, 301, {}, { location: "/new" }), {
      redirects: "refuse",
    });
    await assert.rejects(client.request({ url: "/old" }), hasCode("invalid_input", /does not follow/));
  });
});
