import assert from "node:assert/strict";
import { it } from "node:test";
import { createMirror } from "../conformance/mirror.ts";
import { setStage } from "../conformance/stage.ts";
import { jiraCloudSubject } from "./subject.ts";

it("reads the same from Cloud whatever the account's language", async (t) => {
  const { emulator, open, source } = await setStage(t, jiraCloudSubject, { issues: 300 });
  const { JIRA_EMAIL, JIRA_API_KEY } = emulator.otherCredentials;
  const own = await fetch(`${emulator.url}/rest/api/3/resolution`, {
    headers: { authorization: `Basic ${btoa(`${JIRA_EMAIL}:${JIRA_API_KEY}`)}` },
  });
  assert.match(await own.text(), /"Wird nicht erledigt"/, "this account reads German");

  const readAs = async (credentials: Readonly<Record<string, string>>) => {
    const { connection } = open({ credentials });
    const { vocabulary, mapping, types } = await connection.describe(source, {});
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const issues = [...mirror.issues.values()].map(({ nativeId, type, stateId, estimate }) => ({
      nativeId,
      type,
      stateId,
      estimate,
    }));
    return { states: vocabulary.states, priorities: vocabulary.priorities, mapping, types, issues };
  };
  const german = await readAs(emulator.otherCredentials);
  assert.ok(german.mapping.statusRules.some(({ status, stateId }) => status === "canceled" && stateId.includes(":")));
  assert.ok(german.issues.some(({ estimate }) => estimate !== null));
  assert.deepEqual(german, await readAs(emulator.credentials));
});
