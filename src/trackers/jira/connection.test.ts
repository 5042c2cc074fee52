import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";
import { systemClock } from "../../domain/clock.ts";
import { hasCode } from "../conformance/assert-code.ts";
import { assertMirrors, createMirror } from "../conformance/mirror.ts";
import { setStage } from "../conformance/stage.ts";
import { validateCredentials } from "../validate.ts";
import { jira } from "./index.ts";
import { jiraCloudSubject, jiraDataCenterSubject, jiraSubjects } from "./subject.ts";

const signal = new AbortController().signal;
const options = { clock: systemClock, userAgent: "Panopticon/test" };

describe("credentials", () => {
  const values = (credentials: Readonly<Record<string, string>>) => ({
    apiKey: credentials["JIRA_API_KEY"],
    email: credentials["JIRA_EMAIL"],
    server: credentials["JIRA_URL"],
  });

  it("requires JIRA_URL, and tells what to set it to", async () => {
    const answer = await validateCredentials(jira, { apiKey: "x", email: "a@b.example" }, options);
    assert.ok(!answer.valid);
    assert.equal(answer.errorType, "input");
    assert.match(answer.hint, /JIRA_URL.*atlassian\.net.*context path/);
    const field = jira.credentialFields.find(({ name }) => name === "server");
    assert.ok(field?.required && /Set JIRA_URL/.test(field.help));
  });

  it("recognizes a Data Center token sent to Cloud", async (t) => {
    const { emulator } = await setStage(t, jiraCloudSubject, { issues: 5 });
    const answer = await validateCredentials(jira, { apiKey: "pat", server: emulator.url }, options);
    assert.ok(!answer.valid);
    assert.equal(answer.errorType, "auth");
    assert.match(answer.error, /does not accept this token alone/);
    assert.match(answer.hint, /JIRA_EMAIL.*Data Center.*JIRA_URL/);
  });

  it("recognizes Cloud credentials sent to a Data Center", async (t) => {
    const { emulator } = await setStage(t, jiraDataCenterSubject, { issues: 5 });
    const answer = await validateCredentials(
      jira,
      { ...values(emulator.credentials), email: "maren@harborline.example" },
      options,
    );
    assert.ok(!answer.valid);
    assert.equal(answer.errorType, "auth");
    assert.match(answer.hint, /Data Center.*leave JIRA_EMAIL out/);
  });

  it("tells where a token with scopes is accepted, and accepts it there", async (t) => {
    const { emulator } = await setStage(t, jiraCloudSubject, { issues: 5, sources: 2 });
    const scoped = { ...values(emulator.credentials), apiKey: `${emulator.credentials["JIRA_API_KEY"]}_scoped` };
    const refused = await validateCredentials(jira, scoped, options);
    assert.ok(!refused.valid);
    const address = /https:\/\/api\.atlassian\.com(\/ex\/jira\/[0-9a-f-]+)/.exec(refused.hint);
    assert.ok(address, refused.hint);
    const taken = await validateCredentials(jira, { ...scoped, server: emulator.url + address[1] }, options);
    assert.ok(taken.valid, JSON.stringify(taken));
    assert.equal(taken.sources.length, 2);
  });

  it("uses the site's URLs and opens its files, also through the gateway", async (t) => {
    const { emulator, open, source } = await setStage(t, jiraCloudSubject, { issues: 5 });
    const { cloudId } = (await (await fetch(`${emulator.url}/_edge/tenant_info`)).json()) as { cloudId: string };
    const { connection } = open({
      credentials: {
        JIRA_API_KEY: `${emulator.credentials["JIRA_API_KEY"]}_scoped`,
        JIRA_URL: `${emulator.url}/ex/jira/${cloudId}`,
      },
    });
    const [issue] = emulator.world.issues(source.key);
    assert.ok(issue);
    const read = await connection.read(source, issue.nativeId, issue.key);
    assert.equal(read.kind === "issue" && read.issue.url, `${emulator.url}/browse/${issue.key}`);
    const content = Buffer.from("file");
    const url = emulator.world.attach?.(issue.nativeId, { name: "a.txt", contentType: "text/plain", content }) ?? "";
    const again = await connection.read(source, issue.nativeId, issue.key);
    const files = again.kind === "issue" ? again.issue.attachments : [];
    const file = files?.find(({ name }) => name === "a.txt");
    assert.equal(file?.url, url.replace(emulator.url, `${emulator.url}/ex/jira/${cloudId}`));
    emulator.requests.clear();
    // The emulator's store is at the site, which must not receive the gateway's credentials.
    await assert.rejects(connection.openFile(url), hasCode("forbidden"));
    assert.match(emulator.requests.list()[0]?.url ?? "", /^\/ex\/jira\/.*\/attachment\/content\/\d+$/);
  });

  it("reports that there is no Jira at an address without its context path", async (t) => {
    const { emulator } = await setStage(t, jiraDataCenterSubject, { issues: 5 });
    const answer = await validateCredentials(
      jira,
      { ...values(emulator.credentials), server: new URL(emulator.url).origin },
      options,
    );
    assert.ok(!answer.valid);
    assert.match(answer.error, /No Jira found at/);
    assert.match(answer.hint, /context path/);
  });
});

for (const subject of jiraSubjects) {
  describe(`issues of ${subject.label}`, () => {
    const pulled = async (t: TestContext) => {
      const stage = await setStage(t, subject, { issues: 600 });
      const mirror = createMirror();
      const { pages } = await mirror.pull(stage.connection, stage.source);
      return { ...stage, pages, issues: [...mirror.issues.values()] };
    };

    it("have parents: epics, and the issues of sub-tasks", async (t) => {
      const { issues, source } = await pulled(t);
      const byId = new Map(issues.map((issue) => [issue.nativeId, issue]));
      const byAddress = new Map(issues.map((issue) => [source.key + issue.key, issue]));
      const types = new Set(issues.map((issue) => issue.type));
      for (const type of ["Epic", "Story", "Bug", "Task", "Sub-task"]) assert.ok(types.has(type), type);
      const children = issues.filter((issue) => issue.parentId !== null || issue.parentKey);
      let underEpics = 0;
      for (const child of children) {
        const parent = child.parentId === null ? byAddress.get(child.parentKey ?? "") : byId.get(child.parentId);
        assert.ok(parent, child.key);
        if (parent.type === "Epic") underEpics += 1;
        assert.equal(child.type === "Sub-task", parent.type !== "Epic", `${child.type} below ${parent.type}`);
      }
      assert.ok(underEpics > 0 && underEpics < children.length);
    });

    it("have relations in both directions, a duplicate on one side only", async (t) => {
      const { issues } = await pulled(t);
      const byId = new Map(issues.map((issue) => [issue.nativeId, issue]));
      const counts = { blocks: 0, blocked_by: 0, relates: 0, duplicates: 0, parent: 0, child: 0 };
      for (const issue of issues) {
        for (const { type, targetId } of issue.relations ?? []) {
          counts[type] += 1;
          const back = (byId.get(targetId)?.relations ?? []).filter((one) => one.targetId === issue.nativeId);
          const other = { blocks: "blocked_by", blocked_by: "blocks", relates: "relates" }[type as "blocks"];
          if (type !== "duplicates") assert.ok(back.some((one) => one.type === other));
        }
      }
      assert.ok(counts.blocks > 0 && counts.blocks === counts.blocked_by);
      assert.ok(counts.relates > 0 && counts.duplicates > 0);
    });

    it("have sprints as cycles, with their times; estimates, due dates, resolutions", async (t) => {
      const { issues, pages, connection, source } = await pulled(t);
      const { vocabulary } = await connection.describe(source, {});
      const cycles = new Map(
        [...vocabulary.cycles, ...pages.flatMap((page) => page.seen.cycles ?? [])].map((cycle) => [cycle.id, cycle]),
      );
      const used = new Set(issues.flatMap((issue) => issue.cycleId ?? []));
      assert.ok(used.size >= 4);
      for (const id of used) {
        const cycle = cycles.get(id);
        assert.match(cycle?.name ?? "", /^BOOK Sprint \d+$/);
        assert.ok(cycle?.startsAt && cycle.endsAt && cycle.endsAt > cycle.startsAt);
      }
      assert.equal(vocabulary.cycles.length, 2, "the active and the coming one");
      assert.ok(issues.some((issue) => issue.estimate !== null && issue.type === "Bug"));
      assert.ok(issues.some((issue) => issue.estimate !== null && issue.type === "Story"));
      assert.ok(issues.some((issue) => /^\d{4}-\d\d-\d\d$/.test(issue.dueDate ?? "")));
      const canceled = issues.filter((issue) => issue.stateId.includes(":"));
      assert.ok(canceled.length > 0 && canceled.every((issue) => issue.closedAt !== null));
    });

    it("have images in the text, with their attachments' URLs", async (t) => {
      const { issues, emulator } = await pulled(t);
      const shown = issues.filter((issue) => issue.attachments?.some(({ name }) => name.startsWith("Screenshot")));
      assert.equal(shown.length, 2);
      for (const { body, attachments } of shown) {
        const url = attachments?.[0]?.url ?? "";
        assert.ok(url.startsWith(emulator.url));
        assert.ok(body.includes(`](${url})`) || body.includes(`](<${url}>)`), body);
      }
    });
  });
}

describe("a lagging search", () => {
  it("is compensated by the overlap", async (t) => {
    const clock = createVirtualClock();
    const { connection, source, emulator } = await setStage(t, jiraCloudSubject, { issues: 60, clock });
    const { world } = emulator;
    const mirror = createMirror();
    await mirror.pull(connection, source);
    world.lagSearch?.(120_000);
    const [first, second] = world.issues(source.key);
    world.edit(first?.nativeId ?? "", { title: "late" });
    world.create(source.key, { title: "new and late" });
    world.delete(second?.nativeId ?? "");
    assert.equal((await mirror.pull(connection, source)).news, 0, "the search does not show it yet");
    for (let poll = 0; poll < 5; poll++) {
      await clock.advance(30_000);
      await mirror.pull(connection, source);
    }
    const expected = world.issues(source.key);
    const live = (await Array.fromAsync(connection.sweep(source, signal))).flat();
    assert.deepEqual(live.map((one) => one.nativeId).sort(), expected.map((one) => one.nativeId).sort());
    for (const { nativeId, title } of expected) assert.equal(mirror.issues.get(nativeId)?.title, title);
  });
});

describe("a change by someone else right after an own write, on a node of the cluster whose clock is behind", () => {
  for (const [name, setBackMs] of [
    ["a few seconds", 5_000],
    ["a clock set back by an hour", 3_600_000],
  ] as const) {
    it(`is read: ${name}`, async (t) => {
      const clock = createVirtualClock();
      let ahead = 0;
      const now = () => clock.now() + ahead;
      const { connection, source, emulator } = await setStage(t, jiraDataCenterSubject, { issues: 20, clock, now });
      const mirror = createMirror();
      await mirror.pull(connection, source);
      const [issue = assert.fail()] = emulator.world.issues(source.key);
      await connection.recall?.([{ nativeId: issue.nativeId, updatedAt: clock.now() }]);
      ahead = -setBackMs;
      await clock.advance(1_000);
      emulator.world.edit(issue.nativeId, { title: "By someone else" });
      for (let minute = 0; minute < 12; minute++) {
        await clock.advance(60_000);
        emulator.world.create(source.key, { title: `Moves the cursor ${minute}` });
        await mirror.pull(connection, source);
      }
      assertMirrors(mirror, emulator.world.issues(source.key));
    });
  }
});

describe("a renamed project", () => {
  it("is requested by its id, so that its issues stay", async (t) => {
    const { connection, source, emulator } = await setStage(t, jiraCloudSubject, { issues: 20 });
    const { info, warnings } = await connection.describe(
      { ...source, key: "OLD", nativeId: emulator.sources[0]?.id ?? "" },
      {},
    );
    assert.equal(info.key, source.key);
    assert.deepEqual(
      warnings?.map(({ code, candidates }) => [code, candidates]),
      [["invalid_input", [source.key]]],
    );
    const mirror = createMirror();
    await mirror.pull(connection, { ...source, key: "OLD", nativeId: info.id });
    assertMirrors(mirror, emulator.world.issues(source.key));
  });
});
