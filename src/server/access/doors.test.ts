import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { after, before } from "../../../test/support/hooks.ts";
import { sendRequest } from "../../../test/support/send-request.ts";
import { type ServerHarness, startServerHarness } from "../../../test/support/server-harness.ts";
import { type Door, routeDoors } from "./doors.ts";

let harness: ServerHarness;
before(async () => {
  harness = await startServerHarness();
});
after(() => harness.close());

/** An address that reaches the route. */
const addressOf = (path: string) =>
  path.replace("/*", "/").replace(":tracker", "alpha").replace(":ref", "x%231").replace(":id", "x");

const routes = Object.entries(routeDoors).map(([key, door]) => {
  const [method = "", path = ""] = key.split(" ");
  return { key, door, method, path: addressOf(path), ...(method !== "GET" && method !== "DELETE" && { body: {} }) };
});

test("every route of the server has a door, and every door a route", () => {
  const served = new Set(
    harness.server.app.routes.filter((route) => route.method !== "ALL").map((route) => `${route.method} ${route.path}`),
  );
  assert.deepEqual([...served].toSorted(), Object.keys(routeDoors).toSorted());
});

test("only these routes need no session", () => {
  const open = routes.filter((route) => !(["session", "page"] satisfies Door[] as Door[]).includes(route.door));
  assert.deepEqual(open.map((route) => `${route.door} ${route.key}`).toSorted(), [
    "open GET /api/health",
    "open GET /api/openapi.json",
    "program POST /api/:tracker/validate",
    "webhook POST /webhooks/:tracker",
  ]);
});

for (const route of routes) {
  describe(route.key, () => {
    const send = (headers: Record<string, string>) => harness.send(route.path, { ...route, headers });
    const own = () => ({ host: `127.0.0.1:${harness.port}` });

    test("refuses any host but the server's own, with or without a session", async () => {
      for (const host of [
        "evil.example",
        `evil.example:${harness.port}`,
        "127.0.0.1",
        "127.0.0.1:1",
        `127.0.0.1.evil.example:${harness.port}`,
      ]) {
        const answer = await send({ host, authorization: `Bearer ${harness.token}` });
        assert.equal(answer.status, 403, host);
      }
    });

    test("refuses pages of other sites, with or without a session", async () => {
      const port = harness.port;
      const crossSite: Record<string, string>[] = [
        { origin: "https://evil.example" },
        { origin: "null" },
        { origin: `http://127.0.0.1:${port + 1}` },
        { origin: `https://127.0.0.1:${port}` },
        // Our own name, but not the requested one.
        { origin: `http://localhost:${port}` },
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
        { "sec-fetch-site": "same-site" },
        { "sec-fetch-site": "none", "sec-fetch-mode": "no-cors" },
        { "sec-fetch-site": "something-new" },
      ];
      for (const headers of crossSite) {
        const answer = await send({ ...own(), ...headers, authorization: `Bearer ${harness.token}` });
        assert.equal(answer.status, 403, JSON.stringify(headers));
      }
    });

    if (route.door === "session" || route.door === "page") {
      test("refuses requests without a session", async () => {
        const wrong: Record<string, string>[] = [
          {},
          { authorization: "Bearer wrong" },
          { authorization: "Bearer " },
          { authorization: harness.token },
          { authorization: `Basic ${harness.token}` },
          { cookie: `panopticon_${harness.port}=wrong` },
          // The token is not a cookie value, and a cookie of another port belongs to another server.
          { cookie: `panopticon_${harness.port}=${harness.token}` },
          { "sec-fetch-site": "same-origin", origin: `http://127.0.0.1:${harness.port}` },
        ];
        for (const headers of wrong) {
          const answer = await send({ ...own(), ...headers });
          assert.equal(answer.status, 401, JSON.stringify(headers));
          assert.equal(answer.headers["set-cookie"], undefined);
        }
      });
    } else if (route.door === "webhook") {
      test("requires its own secret: a session opens nothing", async () => {
        for (const headers of [own(), { ...own(), authorization: `Bearer ${harness.token}` }]) {
          assert.equal((await send(headers)).status, 401);
          assert.equal((await send({ ...headers, "x-secret": "wrong" })).status, 401);
        }
      });

      test("refuses browsers, including our own page", async () => {
        const ofBrowsers: Record<string, string>[] = [
          { origin: `http://127.0.0.1:${harness.port}` },
          { "sec-fetch-site": "same-origin" },
          { "sec-fetch-site": "none", "sec-fetch-mode": "navigate" },
        ];
        for (const headers of ofBrowsers) {
          assert.equal((await send({ ...own(), ...headers, "x-secret": "alpha-secret" })).status, 403);
        }
      });
    } else {
      test("allows a program without a session", async () => {
        const answer = await send(own());
        assert.ok(answer.status === 200 || answer.status === 400, String(answer.status));
      });
    }

    test("sends security headers, and none that admits other sites", async () => {
      for (const headers of [own(), { ...own(), origin: "https://evil.example" }]) {
        const answer = await send(headers);
        assert.equal(answer.headers["x-content-type-options"], "nosniff");
        assert.equal(answer.headers["referrer-policy"], "no-referrer");
        assert.match(String(answer.headers["content-security-policy"]), /default-src 'none'.*frame-ancestors 'none'/);
        assert.deepEqual(
          Object.keys(answer.headers).filter((name) => name.startsWith("access-control")),
          [],
        );
      }
    });
  });
}

test("refuses unknown calls, too", async () => {
  for (const [method, path] of [
    ["GET", "/api/nothing"],
    ["POST", "/api/board"],
    ["PUT", "/anything"],
    ["OPTIONS", "/api/board"],
    ["GET", "/API/board"],
  ] as const) {
    const answer = await sendRequest(harness.port, path, { method });
    assert.equal(answer.status, 401, `${method} ${path}`);
  }
});

test("accepts all three names of this machine", async () => {
  for (const name of ["127.0.0.1", "localhost", "[::1]", "LOCALHOST"]) {
    const host = `${name}:${harness.port}`;
    const answer = await harness.ask("/api/views", {
      headers: { host, origin: `http://${host}`, "sec-fetch-site": "same-origin" },
    });
    assert.equal(answer.status, 200, name);
  }
});

test("answers a refusal with problem details that say what to do", async () => {
  const answer = await harness.send("/api/board");
  assert.equal(answer.headers["content-type"], "application/problem+json");
  assert.match(String(answer.headers["www-authenticate"]), /^Bearer/);
  const problem = answer.json() as { code: string; status: number; hint: string };
  assert.deepEqual([problem.code, problem.status], ["auth", 401]);
  assert.match(problem.hint, /pan up/);
});

describe("a browser", () => {
  const navigation = { "sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

  test("gets the cookie once from the printed address, and the token is removed from the address", async () => {
    const { pathname, search } = new URL(harness.server.address());
    const first = await harness.send(pathname + search, { headers: navigation });
    assert.equal(first.status, 303);
    assert.equal(first.headers.location, "/");
    assert.equal(first.headers["referrer-policy"], "no-referrer");
    assert.equal(first.headers["cache-control"], "no-store");
    const [setCookie = ""] = first.headers["set-cookie"] ?? [];
    assert.match(setCookie, /; HttpOnly; SameSite=Strict; Path=\/; Max-Age=\d+$/);
    assert.ok(!setCookie.includes(harness.token));
    const [cookie = ""] = setCookie.split(";");
    const next = await harness.send("/api/views", {
      headers: { cookie, "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" },
    });
    assert.equal(next.status, 200);
    const fromElsewhere = await harness.send("/api/views", { headers: { cookie, "sec-fetch-site": "cross-site" } });
    assert.equal(fromElsewhere.status, 403);
  });

  test("is redirected to the requested page, only on this server", async () => {
    const to = async (path: string) =>
      (await harness.send(`${path}token=${harness.token}`, { headers: navigation })).headers.location;
    assert.equal(await to("/issues/app%231?a=b&"), "/issues/app%231?a=b");
    assert.equal(await to("//evil.example/?"), "/evil.example/");
  });

  test("without a session is told how to get one, and gets nothing else", async () => {
    for (const path of ["/", "/issues/app%231", "/assets/index-12345678.js"]) {
      const answer = await harness.send(path, { headers: navigation });
      assert.equal(answer.status, 401);
      assert.match(String(answer.headers["content-type"]), /^text\/html/);
      assert.match(answer.text, /pan up/);
    }
  });

  test("with a wrong token is told so", async () => {
    const answer = await harness.send("/?token=wrong<b>", { headers: navigation });
    assert.equal(answer.status, 401);
    assert.match(answer.text, /no longer valid/);
    assert.ok(!answer.text.includes("wrong<b>"));
    assert.equal(answer.headers["set-cookie"], undefined);
  });

  test("led here by another site gets our own page, which leads in", async () => {
    const answer = await harness.send("/issues/x", {
      headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
    });
    assert.equal(answer.status, 403);
    assert.match(answer.text, /<a href="\/">/);
  });

  test("opened by a program uses an address that works once", async () => {
    const address = new URL(harness.server.openAddress());
    assert.ok(!address.href.includes(harness.token));
    const first = await harness.send(address.pathname + address.search, { headers: navigation });
    assert.equal(first.status, 303);
    const again = await harness.send(address.pathname + address.search, { headers: navigation });
    assert.equal(again.status, 401);
    const asked = await harness.ask("/api/sign-in-address", { method: "POST" });
    const { url } = asked.json() as { url: string };
    const { search } = new URL(url);
    assert.equal((await harness.send(`/${search}`, { headers: navigation })).status, 303);
  });
});
