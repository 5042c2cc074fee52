import assert from "node:assert/strict";
import { test } from "node:test";
import type { Emulator } from "../../emulators/emulator.ts";
import { emulatedTrackers, startEmulator } from "../../emulators/start.ts";
import type { IssueDetailShape, IssueListShape } from "../../src/server/contract/issue.ts";
import { findTracker } from "../../src/trackers/registry.ts";
import { after, before } from "../support/hooks.ts";
import { sourceOf } from "../support/stage.ts";
import { type LiveStage, openLiveStage } from "./live-stage.ts";

/** What texts of each tracker call an issue with this key, and where the tracker shows another number; `other`: a request to merge, which is no issue. */
const forms: Readonly<
  Record<string, { short(key: string): string; beside?(url: string): string; readonly other?: string }>
> = {
  github: { short: (key) => key, beside: (url) => url.replace(/\d+$/, "3") },
  gitlab: {
    short: (key) => key.replace("!", "#"),
    beside: (url) => url.replace(/work_items\/\d+$/, "issues/14"),
    other: "!7",
  },
  linear: { short: (key) => key, beside: (url) => url.replace(/-\d+(\/[^/]*)?$/, "-14") },
  jira: { short: (key) => key, beside: (url) => url.replace(/\d+$/, "14") },
  // Its addresses do not contain keys.
  rally: { short: (key) => key },
};

const crowded = "Names twenty thousand";

let stage: LiveStage;
const told = new Map<string, { readonly title: string; readonly named: string; readonly absent: string }>();

/** A text that names an issue, something that is not mirrored, and much that only looks like it. */
function textOf(named: string, absent: string, other: string): string {
  return [
    `# After ${named}`,
    `Waits for ${named}, and ${absent} (${other}). Not \`${named}\` nor x${named} nor #012.`,
    "The colours are #123456 and #ffffff1, see https://pages.example/a#1 and ann@min-1.example.",
    `\`\`\`\n${named}\n\`\`\``,
  ].join("\n\n");
}

before(async () => {
  const emulators: Emulator[] = [];
  const lines: string[] = [];
  for (const tracker of emulatedTrackers) {
    const emulator = await startEmulator(tracker, { issues: 12, seed: 5, sources: 1 });
    emulators.push(emulator);
    const [one, two] = emulator.world.issues().filter(({ key }) => !key.startsWith("F"));
    assert.ok(one && two);
    if (tracker === "github") {
      const last = emulator.world.issues().at(-1);
      const body = Array.from({ length: 20_000 }, (_, index) => `#${index + 1}`).join(" ");
      emulator.world.edit(last?.nativeId ?? "", { title: crowded, body });
    }
    const form = forms[tracker];
    assert.ok(form, `how do texts of ${tracker} name issues?`);
    const named = form.short(two.key);
    // GitHub's third number is a pull request; the others have no such issue yet.
    const absent = tracker === "github" ? "#3" : named.replace(/\d+$/, "14");
    emulator.world.edit(one.nativeId, {
      title: `Names others, ${tracker}`,
      body: textOf(named, absent, form.other ?? "-"),
    });
    told.set(tracker, { title: `Names others, ${tracker}`, named, absent });
    lines.push(...placeOf(emulator).map((line) => `    ${line}`));
  }
  stage = await openLiveStage({ emulators, projects: `projects:\n  one:\n    history: all\n${lines.join("\n")}\n` });
});
after(() => stage.close());

/** The lines of projects.yaml that name an emulator's source. */
function placeOf(emulator: Emulator): readonly string[] {
  const source = sourceOf(emulator, 0);
  if (emulator.tracker !== "rally") return [`${findTracker(emulator.tracker)?.sourceKeys[0]?.key ?? ""}: ${source}`];
  const [workspace, project] = source.split("/");
  return [`rally_workspace: "${workspace}"`, `rally_project: "${project}"`];
}

for (const tracker of emulatedTrackers) {
  test(
    `${tracker}: short forms in a text lead to issues here, and else to the tracker`,
    { timeout: 120_000 },
    async () => {
      const { title, named, absent } = told.get(tracker) ?? assert.fail();
      const list = await stage.server.get<IssueListShape>(`/api/issues?tracker=${tracker}&limit=50`);
      const issue = list.issues.find((one) => one.title === title);
      assert.ok(issue);
      const detail = await stage.server.get<IssueDetailShape>(`/api/issues/${encodeURIComponent(issue.address)}`);
      const address = detail.mentions.find(({ written }) => written === named)?.address;
      assert.ok(address !== undefined, JSON.stringify(detail.mentions));
      assert.ok(
        detail.relations.some((relation) => relation.address === address),
        "it counts as a mention",
      );

      const page = await stage.openBoard();
      page.setDefaultTimeout(15_000);
      await page.goto(`${stage.server.url}/issues/${encodeURIComponent(issue.address)}`);
      await page.locator(".prose").first().waitFor();
      const links = await page
        .locator(".prose a.ref-link")
        .evaluateAll((found) =>
          found.map((link) => [link.textContent, link.getAttribute("data-issue"), link.getAttribute("href") ?? ""]),
        );
      const own = issue.url ?? "";
      const { beside, other } = forms[tracker] ?? assert.fail();
      const expected = [
        [named, address],
        [named, address],
        ...(beside === undefined ? [] : [[absent, null, beside(own)]]),
        ...(other === undefined ? [] : [[other, null, own.replace(/work_items\/\d+$/, "merge_requests/7")]]),
      ];
      const seen = links.map(([text, known, href]) => (known === null ? [text, known, href] : [text, known]));
      assert.deepEqual(seen, expected);
      if (process.env.SHOT) await page.screenshot({ path: `${process.env.SHOT}-${tracker}.png` });
      await page.locator(`.prose a[data-issue="${address}"]`).first().click();
      await page.waitForURL((url) => decodeURIComponent(url.pathname).endsWith(`/${address}`));
      await page.close();
    },
  );
}

test("twenty thousand short forms in one text are read, and few of them are links", { timeout: 120_000 }, async () => {
  const { issues } = await stage.server.get<IssueListShape>("/api/issues?tracker=github&limit=50");
  const issue = issues.find((one) => one.title === crowded);
  assert.ok(issue);
  const page = await stage.openBoard();
  await page.goto(`${stage.server.url}/issues/${encodeURIComponent(issue.address)}`);
  await page.locator(".prose").getByText("#20000").waitFor();
  const links = await page.locator(".prose a.ref-link").allInnerTexts();
  // The newest issue is #17, and #18 a pull request: what is far above is no number of this repository.
  assert.deepEqual(
    links,
    Array.from({ length: 34 }, (_, index) => `#${index + 1}`),
  );
  await page.close();
});
