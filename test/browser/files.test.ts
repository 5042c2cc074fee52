import assert from "node:assert/strict";
import { test } from "node:test";
import { screenshot } from "../../emulators/server/stored-files.ts";
import { PanopticonError } from "../../src/domain/error.ts";
import { after, before } from "../support/hooks.ts";
import { fillStore, inventedIssue } from "../support/invented-issues.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";

const picture = screenshot(0);
const face = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><script>parent.hacked = 1</script></svg>';

let stage: DashboardStage;
const asked: string[] = [];

before(async () => {
  stage = await openDashboardStage({
    async prepare(store) {
      await fillStore(store, 3);
      const [source] = await store.sources.list();
      assert.ok(source);
      const body = [
        "![shown](https://files.alpha.example/plan.png)",
        "![gone](https://files.alpha.example/gone.png)",
        "![elsewhere](http://plain.example/p.png)",
        "![Plan of the yard.pdf](https://files.alpha.example/8)",
        "[Linked.pdf](https://files.alpha.example/9) and [a page](https://elsewhere.example/9)",
      ].join("\n\n");
      const attachments = [
        { id: "1", name: "Plan.pdf", url: "https://files.alpha.example/7", contentType: null, size: 34_567 },
        { id: "2", name: "A design", url: "https://design.example/7", contentType: null, size: null },
      ];
      await store.mirror.applyPage(source.id, {
        changes: [1, 2, 3].map((number) => inventedIssue(source, number, { body, attachments, assigneeIds: ["p1"] })),
        removed: [],
        rejected: [],
        seen: { people: [{ id: "p1", login: "ada", name: "Ada Byron", avatarUrl: "http://alpha.example/faces/1" }] },
        requestedAt: Date.now(),
        sync: {},
      });
    },
  });
  stage.harness.sync.answers.openFile = async (connection, url) => {
    asked.push(`${connection} ${url}`);
    if (url.endsWith("gone.png")) throw new PanopticonError("not_found", "There is no such file.");
    const isFace = url.includes("/faces/");
    return {
      stream: new Blob([isFace ? face : Uint8Array.from(picture.content)]).stream(),
      contentType: isFace ? "image/svg+xml" : picture.contentType,
      size: null,
    };
  };
});

after(() => stage.close());

test("avatars, pictures and attachments in a tracker come through the server, without policy violations", async () => {
  const { page, complaints } = await stage.open();
  await page.waitForFunction(() => {
    const image = document.querySelector<HTMLImageElement>(".card .avatar img");
    return image?.complete === true && image.naturalWidth > 0;
  });
  await page.goto(new URL(`/issues/${encodeURIComponent("app#1")}`, stage.harness.url).href);
  await page.waitForFunction(() => {
    const image = document.querySelector<HTMLImageElement>(".prose img[alt=shown]");
    return image?.complete === true && image.naturalWidth === 320;
  });
  assert.ok(asked.includes("alpha http://alpha.example/faces/1"));
  assert.ok(asked.includes("alpha https://files.alpha.example/plan.png"));
  assert.ok(!asked.some((one) => one.includes("plain.example") || one.includes("design.example")));

  // What the server cannot get is requested from its own URL: the browser may be signed in there.
  const gone = page.locator(".prose img[alt=gone]");
  await gone.scrollIntoViewIfNeeded();
  await page.waitForFunction(
    () =>
      document.querySelector<HTMLImageElement>(".prose img[alt=gone]")?.src === "https://files.alpha.example/gone.png",
  );
  assert.equal(
    await page.locator(".prose a", { hasText: "elsewhere" }).getAttribute("href"),
    "http://plain.example/p.png",
  );

  const linked = page.locator(".prose a", { hasText: "Linked.pdf" });
  assert.equal(
    await linked.getAttribute("href"),
    `/api/files?connection=alpha&url=${encodeURIComponent("https://files.alpha.example/9")}`,
  );
  assert.equal(await linked.getAttribute("download"), "Linked.pdf");
  // An image embed that is not a picture.
  const written = page.locator(".prose a", { hasText: "Plan of the yard.pdf" });
  assert.match(String(await written.getAttribute("href")), /^\/api\/files\?connection=alpha&url=/);
  assert.equal(await written.getAttribute("download"), "Plan of the yard.pdf");
  const other = page.locator(".prose a", { hasText: "a page" });
  assert.equal(await other.getAttribute("href"), "https://elsewhere.example/9");
  assert.equal(await other.getAttribute("download"), null);

  const attachments = page.locator("section[aria-label=Attachments] a");
  assert.deepEqual(await attachments.allInnerTexts(), ["Plan.pdf\n35 KB", "A design"]);
  assert.match(String(await attachments.first().getAttribute("href")), /^\/api\/files\?connection=alpha&url=/);
  assert.equal(await attachments.last().getAttribute("href"), "https://design.example/7");
  assert.equal(await page.evaluate("window.hacked"), undefined);
  // Only the two requests that must fail here; the policy blocked no picture.
  assert.deepEqual(
    complaints.filter((line) => !/Failed to load resource/.test(line)),
    [],
  );
  await page.close();
});
