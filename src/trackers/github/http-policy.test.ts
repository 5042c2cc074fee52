import assert from "node:assert/strict";
import { it } from "node:test";
import { github } from "./index.ts";
import { githubHttp, webAddress, webHost } from "./http-policy.ts";

it("uses github.com, the API path of Enterprise, and any given server", () => {
  assert.equal(githubHttp.baseUrl({}), "https://api.github.com");
  assert.equal(githubHttp.baseUrl({ server: "https://github.com" }), "https://api.github.com");
  assert.equal(githubHttp.baseUrl({ server: "https://ghe.example/api/v3/" }), "https://ghe.example/api/v3");
  assert.equal(githubHttp.baseUrl({ server: "http://127.0.0.1:4100" }), "http://127.0.0.1:4100");
});

it("derives the website from an API URL, for gh, for settings and for git remotes", () => {
  assert.equal(webHost("https://api.github.com"), "github.com");
  assert.equal(webHost("https://api.acme.ghe.com"), "acme.ghe.com");
  assert.equal(webHost("https://ghe.example/api/v3"), "ghe.example");
  assert.equal(webAddress("https://api.github.com"), "https://github.com");
  assert.equal(webAddress("https://ghe.example:8443/api/v3"), "https://ghe.example:8443");
  const [key] = github.sourceKeys;
  assert.equal(key?.fromRemote?.({ host: "github.com", path: "o/r" }, "https://api.github.com"), "o/r");
  assert.equal(key?.fromRemote?.({ host: "ghe.example", path: "o/r" }, "https://ghe.example/api/v3"), "o/r");
  assert.equal(key?.fromRemote?.({ host: "gitlab.com", path: "o/r" }, "https://api.github.com"), null);
  const fallback = github.credentialFields[0]?.fallback;
  assert.deepEqual(fallback?.args("api.github.com"), ["auth", "token", "--hostname", "github.com"]);
  assert.deepEqual(fallback?.args("ghe.example"), ["auth", "token", "--hostname", "ghe.example"]);
});

it("sends the token as bearer, without surrounding whitespace", () => {
  assert.equal(githubHttp.headers({ token: " ghp_x\n" })["authorization"], "Bearer ghp_x");
});
