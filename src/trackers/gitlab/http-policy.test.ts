import assert from "node:assert/strict";
import { it } from "node:test";
import { isPanopticonError } from "../../domain/error.ts";
import { gitlabHttp, webBase } from "./http-policy.ts";
import { gitlab } from "./index.ts";

it("uses gitlab.com, a self-hosted server and one below a path, however the address is written", () => {
  assert.equal(gitlabHttp.baseUrl({}), "https://gitlab.com/api/v4");
  for (const server of ["https://git.example", "https://git.example/", "https://git.example/api/v4/"]) {
    assert.equal(gitlabHttp.baseUrl({ server }), "https://git.example/api/v4");
  }
  assert.equal(gitlabHttp.baseUrl({ server: "https://host.example/gitlab/" }), "https://host.example/gitlab/api/v4");
  assert.equal(gitlabHttp.baseUrl({ server: "http://127.0.0.1:4100" }), "http://127.0.0.1:4100/api/v4");
  assert.equal(webBase("https://host.example/gitlab/api/v4"), "https://host.example/gitlab");
  assert.throws(() => gitlabHttp.baseUrl({ server: "gitlab.com" }), isPanopticonError);
});

it("sends personal tokens in their own header and OAuth tokens as Bearer", () => {
  assert.equal(gitlabHttp.headers({ token: " glpat-abc " })["private-token"], "glpat-abc");
  assert.equal(gitlabHttp.headers({ token: "aBcDeFgHiJkLmNoPqRsT" })["private-token"], "aBcDeFgHiJkLmNoPqRsT");
  const oauth = "0123456789abcdef".repeat(4);
  assert.deepEqual(gitlabHttp.headers({ token: oauth }), {
    authorization: `Bearer ${oauth}`,
    accept: "application/json",
  });
});

it("opens files only below its own path, and sends no token for avatars", () => {
  const hosts = gitlabHttp.fileHosts({ server: "https://host.example/gitlab" });
  assert.ok(hosts.every(({ origin, path }) => origin === "https://host.example" && path?.startsWith("/gitlab/")));
  assert.equal(hosts.find(({ path }) => path?.includes("/uploads/-/system/"))?.login, false);
});

it("recognizes the git remotes of its projects", () => {
  const [key] = gitlab.sourceKeys;
  const of = (host: string, path: string, server: string) => key?.fromRemote?.({ host, path }, server);
  assert.equal(of("gitlab.com", "g/sub/p", ""), "g/sub/p");
  assert.equal(of("git.example", "g/p", "https://git.example:8443"), "g/p");
  assert.equal(of("github.com", "g/p", "https://gitlab.com"), null);
  assert.equal(of("gitlab.com", "p", "https://gitlab.com"), null);
  // By HTTPS and by SSH.
  assert.equal(of("host.example", "gitlab/g/p", "https://host.example/gitlab"), "g/p");
  assert.equal(of("host.example", "g/p", "https://host.example/gitlab"), "g/p");
});

it("asks glab for the token of the server's host", () => {
  const fallback = gitlab.credentialFields[0]?.fallback;
  assert.deepEqual(fallback?.args("git.example"), ["config", "get", "token", "--host", "git.example"]);
  assert.deepEqual(fallback?.file?.keys("git.example"), ["hosts", "git.example", "token"]);
});
