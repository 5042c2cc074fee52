import assert from "node:assert/strict";
import { it } from "node:test";
import { webhookReader } from "./webhook-reader.ts";

it("links to the site for creating webhooks, not to the gateway for tokens with scopes", () => {
  const open = (server: string) =>
    webhookReader.steps({ address: "https://a.example/hook", secret: "s", settings: { server }, sources: ["BOOK"] })[0];
  assert.match(
    open("https://acme.atlassian.net/") ?? "",
    /https:\/\/acme\.atlassian\.net\/plugins\/servlet\/webhooks /,
  );
  assert.match(open("https://host.example/jira") ?? "", /https:\/\/host\.example\/jira\/plugins\/servlet\/webhooks /);
  const gateway = open("https://api.atlassian.com/ex/jira/1-2") ?? "";
  assert.match(gateway, /https:\/\/SITE\.atlassian\.net\/plugins\/servlet\/webhooks /);
  assert.doesNotMatch(gateway, /api\.atlassian\.com/);
});
