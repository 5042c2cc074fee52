import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { goTo } from "../support/board.ts";
import { after, before } from "../support/hooks.ts";
import { eventually } from "../support/stage.ts";
import { type AgentsStage, openAgentsStage } from "./agents-stage.ts";

const limit = { timeout: 120_000 };
const older = 230;
let stage: AgentsStage;
before(async () => {
  stage = await openAgentsStage();
});
after(() => stage.close());

test(
  "lists the most recent of many agents, with the full count; the others are one press or their URL away",
  limit,
  async () => {
    const { server, browser, database, freeIssue, agentOf, start } = stage;
    const ref = await freeIssue(0);
    await start(ref, ["exit 0"]);
    const { id } = await eventually(async () => {
      const agent = await agentOf(ref);
      return agent.state === "finished" ? agent : undefined;
    }, "it is done");
    const db = new DatabaseSync(database, { timeout: 10_000 });
    const columns = (
      db.prepare("select name from pragma_table_info('agent') where name not in ('id', 'ended_at')").all() as {
        name: string;
      }[]
    )
      .map(({ name }) => name)
      .join(", ");
    for (let index = 1; index <= older; index += 1) {
      db.prepare(
        `insert into agent (ended_at, ${columns}) select ended_at - ?, ${columns} from agent where id = ?`,
      ).run(index * 1000, id);
    }
    const last = Number((db.prepare("select max(id) as id from agent").get() as { id: number }).id);
    db.close();

    const { page, complaints } = await browser.open();
    await goTo(page, server, "/agents");
    await page
      .locator(".bar-total")
      .getByText(`${older + 1} ended`)
      .waitFor();
    const rows = page.locator(".agent-row");
    const { title } = await stage.issue(ref);
    assert.equal(await rows.first().getByText(title, { exact: true }).isVisible(), true);
    assert.equal(await rows.count(), 200);
    await page.getByText(`${older + 1 - 200} older not shown.`).waitFor();
    await goTo(page, server, `/agents/${last}`);
    await page.locator(".agent-facts").getByText("scripted").waitFor();
    await page.getByRole("button", { name: "Show more" }).click();
    await eventually(async () => ((await rows.count()) === older + 1 ? true : undefined), "all are listed");
    assert.deepEqual(complaints, []);
    await page.close();
  },
);
