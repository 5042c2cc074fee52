import assert from "node:assert/strict";
import { it } from "node:test";
import { findFileHost } from "../http/open-file.ts";
import { jiraHttp } from "./http-policy.ts";

it("uses sites, the gateway, and Data Centers below their path", () => {
  const base = (server: string) => jiraHttp.baseUrl({ server });
  assert.equal(base("https://acme.atlassian.net"), "https://acme.atlassian.net");
  assert.equal(base("https://acme.atlassian.net/jira/software/projects/X/boards/1"), "https://acme.atlassian.net");
  assert.equal(base("https://api.atlassian.com/ex/jira/1-2/"), "https://api.atlassian.com/ex/jira/1-2");
  assert.equal(base("https://host.example/jira/"), "https://host.example/jira");
  assert.equal(base("https://host.example/jira/rest/api/2"), "https://host.example/jira");
});

it("sends e-mail and token as basic, a token alone as bearer, without surrounding whitespace", () => {
  const header = (values: Record<string, string>) => jiraHttp.headers(values)["authorization"];
  assert.equal(header({ apiKey: " pat \n" }), "Bearer pat");
  assert.equal(header({ apiKey: "Bearer pat", email: " " }), "Bearer pat");
  assert.equal(header({ apiKey: "tök", email: "a@b.example" }), `Basic ${btoa("a@b.example:t\u00c3\u00b6k")}`);
});

it("opens only files of the API and of /secure/, and of the store that Cloud redirects to", () => {
  const find = (server: string, url: string) => findFileHost(jiraHttp.fileHosts({ server }), new URL(url));
  const site = "https://acme.atlassian.net";
  assert.equal(find(site, `${site}/rest/api/3/attachment/content/1`)?.login, true);
  assert.equal(find(site, "https://api.media.atlassian.com/file/x?token=y")?.login, false);
  assert.equal(find(site, `${site}/browse/X-1`), undefined);
  const center = "https://host.example/jira";
  assert.equal(find(center, `${center}/secure/attachment/1/a.png`)?.login, true);
  assert.equal(find(center, "https://host.example/secure/attachment/1/a.png"), undefined);
  assert.equal(find(center, "https://api.media.atlassian.com/x"), undefined);
});
