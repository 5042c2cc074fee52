import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { after, before } from "../../test/support/hooks.ts";
import type { Emulator } from "../emulator.ts";
import { startEmulator } from "../start.ts";
import { JqlError, parseJql } from "./jql-parse.ts";
import { readJqlTime } from "./jql-time.ts";

const now = Date.parse("2026-11-22T10:00:00.250Z");

describe("JQL in the Jira emulator", () => {
  const running: Record<string, Emulator> = {};

  before(async () => {
    for (const variant of ["cloud", "data-center"]) {
      running[variant] = await startEmulator("jira", { issues: 300, seed: 3, variant, now: () => now });
    }
  });
  after(() => Promise.all(Object.values(running).map((emulator) => emulator.close())));

  async function ask(variant: string, jql: string, who?: Readonly<Record<string, string>>) {
    const emulator = running[variant];
    assert.ok(emulator);
    const { JIRA_EMAIL, JIRA_API_KEY } = who ?? emulator.credentials;
    const response =
      variant === "cloud"
        ? await fetch(`${emulator.url}/rest/api/3/search/jql`, {
            method: "POST",
            headers: { authorization: `Basic ${btoa(`${JIRA_EMAIL}:${JIRA_API_KEY}`)}` },
            body: JSON.stringify({ jql, fields: ["key"], maxResults: 5_000 }),
          })
        : await fetch(
            `${emulator.url}/rest/api/2/search?${new URLSearchParams({ jql, fields: "key", maxResults: "1000" })}`,
            {
              headers: { authorization: `Bearer ${JIRA_API_KEY}` },
            },
          );
    const body = (await response.json()) as { issues?: { key: string }[]; errorMessages?: string[] };
    return {
      status: response.status,
      keys: body.issues?.map(({ key }) => key) ?? [],
      message: body.errorMessages?.[0] ?? "",
    };
  }
  const world = (variant: string) => running[variant]?.world.issues("BOOK") ?? [];

  test("matches the world's own data", async () => {
    const cases: readonly (readonly [string, (issue: ReturnType<typeof world>[number]) => boolean])[] = [
      ["project = BOOK", () => true],
      ["project = 10000", () => true],
      ["project in (book) AND statusCategory = Done", (issue) => issue.closed],
      ["project = BOOK AND statusCategory != 3", (issue) => !issue.closed],
      ["project = BOOK AND NOT (statusCategory = Done)", (issue) => !issue.closed],
      ['project = BOOK AND status = "in review"', (issue) => issue.state === "In Review"],
      ["project = BOOK AND labels = customer", (issue) => issue.labels.includes("customer")],
      ["project = BOOK AND labels IS EMPTY", (issue) => issue.labels.length === 0],
      [
        "project = BOOK AND (labels = customer OR labels in (quotes))",
        (issue) => issue.labels.some((label) => ["customer", "quotes"].includes(label)),
      ],
      // Issues without a value do not match `!=` either.
      [
        "project = BOOK AND labels != customer",
        (issue) => issue.labels.length > 0 && !issue.labels.includes("customer"),
      ],
      ["project = BOOK AND assignee IS EMPTY", (issue) => issue.assignees.length === 0],
      [
        "project = BOOK AND assignee = currentUser()",
        (issue) => issue.assignees.some((name) => ["Maren Aldous", "marena"].includes(name)),
      ],
      ["project = BOOK AND key > BOOK-90", (issue) => Number(issue.key.slice(5)) > 90],
      [`project = BOOK AND updated >= ${now - 30 * 86_400_000}`, (issue) => issue.updatedAt >= now - 30 * 86_400_000],
      ["project = BOOK AND updated < -30d", (issue) => issue.updatedAt < now - 30 * 86_400_000],
    ];
    for (const variant of Object.keys(running)) {
      for (const [jql, fits] of cases) {
        const { status, keys, message } = await ask(variant, `${jql} ORDER BY key ASC`);
        assert.equal(status, 200, `${jql}: ${message}`);
        const expected = world(variant)
          .filter(fits)
          .map(({ key }) => key);
        assert.deepEqual(keys.toSorted(), expected.toSorted(), `${variant}: ${jql}`);
      }
    }
  });

  test("an unquoted time is exact to the millisecond in Cloud, to the second in Data Center", async () => {
    const at = now - 3 * 86_400_000;
    for (const variant of Object.keys(running)) {
      const made = [0, 100, 900].map(
        (ms) =>
          running[variant]?.world.create("BOOK", { title: "T", updatedAt: Math.floor(at / 1000) * 1000 + ms }).key,
      );
      const since = Math.floor(at / 1000) * 1000 + 100;
      const { keys } = await ask(
        variant,
        `project = BOOK AND updated >= ${since} AND updated < ${since + 1000} ORDER BY key`,
      );
      const found = made.filter((key) => key !== undefined && keys.includes(key));
      assert.deepEqual(found, variant === "cloud" ? made.slice(1) : made);
    }
  });

  test("a quoted time has minute precision in the account's own zone", async () => {
    const emulator = running["cloud"];
    assert.ok(emulator);
    const at = Date.parse("2026-11-20T12:30:30Z");
    const { key } = emulator.world.create("BOOK", { title: "half past", updatedAt: at });
    const finds = async (time: string, who?: Readonly<Record<string, string>>) =>
      (await ask("cloud", `project = BOOK AND updated >= "${time}" ORDER BY key`, who)).keys.includes(key);
    // Berlin is an hour ahead in winter, New York five behind.
    assert.equal(await finds("2026-11-20 13:30"), true);
    assert.equal(await finds("2026/11/20 13:31"), false);
    assert.equal(await finds("2026-11-20 07:30", emulator.otherCredentials), true);
    assert.equal(await finds("2026-11-20 07:31", emulator.otherCredentials), false);
    assert.equal((await ask("cloud", 'project = BOOK AND updated >= "2026-11-20 13:30:30"')).status, 400);
    assert.match(
      (await ask("cloud", 'project = BOOK AND updated >= "yesterday"')).message,
      /^Date value 'yesterday' for field 'updated' is invalid/,
    );
    // The clock change: 2:30 does not exist that night, 1:30 and 3:30 do.
    const zone = { timeZone: "Europe/Berlin", now };
    assert.equal(readJqlTime("2026-03-29 01:30", "updated", zone), Date.parse("2026-03-29T00:30Z"));
    assert.equal(readJqlTime("2026-03-29 03:30", "updated", zone), Date.parse("2026-03-29T01:30Z"));
  });

  test("only Cloud rejects queries without restrictions", async () => {
    for (const jql of [
      "",
      "ORDER BY updated",
      "project != BOOK",
      "labels IS NOT EMPTY",
      "project = BOOK OR labels != x",
    ]) {
      const { status, message } = await ask("cloud", jql);
      assert.equal(status, 400, jql);
      assert.match(message, /^Unbounded JQL queries are not allowed here/);
      assert.equal((await ask("data-center", jql)).status, 200, jql);
    }
  });

  test("errors use Jira's wording", async () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ["colour = red", /^Field 'colour' does not exist or you do not have permission to view it\.$/],
      ["project = NOSUCH", /^The value 'NOSUCH' does not exist for the field 'project'\.$/],
      ["project = 999", /^A value with ID '999' does not exist for the field 'project'\.$/],
      ["project = BOOK AND status = Flying", /^The value 'Flying' does not exist for the field 'status'\.$/],
      ["project = BOOK AND key = BOOK-99999", /^An issue with key 'BOOK-99999' does not exist for field 'key'\.$/],
      ["project = BOOK AND", /before the end of the query\.$/],
      ["project BOOK", /^Error in the JQL Query: Expecting operator but got 'BOOK'\. The valid operators are/],
      ["project = AS", /^Error in the JQL Query: 'AS' is a reserved JQL word\./],
      ['project = "BOOK', /has not been completed/],
      ["project = BOOK ORDER BY colour", /^Not able to sort using field 'colour'\.$/],
      ["project ~ BOOK", /^The operator '~' is not supported by the 'project' field\.$/],
      ["project = BOOK foo", /Expecting either 'OR' or 'AND' but got 'foo'/],
      ["project = BOOK@", /^Error in the JQL Query: The character '@' is a reserved JQL character\./],
    ];
    for (const [jql, words] of cases) {
      const { status, message } = await ask("cloud", jql);
      assert.equal(status, 400, jql);
      assert.match(message, words);
    }
  });

  test("a hidden project is reported as missing", async () => {
    const weak = running["cloud"]?.weakCredentials.values;
    assert.match((await ask("cloud", "project = YARD", weak)).message, /The value 'YARD' does not exist/);
  });

  test("a body with an unknown key is rejected as a whole", async () => {
    const emulator = running["cloud"];
    assert.ok(emulator);
    const { JIRA_EMAIL, JIRA_API_KEY } = emulator.credentials;
    const post = async (body: unknown) =>
      (
        await fetch(`${emulator.url}/rest/api/3/search/jql`, {
          method: "POST",
          headers: { authorization: `Basic ${btoa(`${JIRA_EMAIL}:${JIRA_API_KEY}`)}` },
          body: JSON.stringify(body),
        })
      ).status;
    const jql = "project = BOOK";
    assert.equal(await post({ jql, startAt: 0 }), 400);
    assert.equal(await post({ jql, fields: "key" }), 400);
    assert.equal(await post({ jql, maxResults: "50" }), 400);
    assert.equal(await post({ jql, reconcileIssues: Array.from({ length: 51 }, (_, index) => index) }), 400);
    assert.equal(await post({ jql, nextPageToken: "nonsense" }), 400);
    assert.equal(await post({ jql }), 200);
  });

  test("the parser reads any text or says where it stops", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseJql(text);
        } catch (error) {
          assert.ok(error instanceof JqlError, String(error));
        }
      }),
    );
    fc.assert(
      fc.property(fc.string(), (value) => {
        const quoted = `"${value.replace(/["\\]/g, "\\$&")}"`;
        const { where } = parseJql(`labels = ${quoted}`);
        assert.deepEqual(where, {
          kind: "term",
          field: "labels",
          operator: "=",
          values: [{ kind: "text", text: value, quoted: true }],
        });
      }),
    );
  });
});
