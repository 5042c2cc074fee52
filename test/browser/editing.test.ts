import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { goTo } from "../support/board.ts";
import { after, before } from "../support/hooks.ts";
import { eventually } from "../support/stage.ts";
import { type ChangesStage, inWorld, openChangesStage } from "./changes-stage.ts";
import { cardIn } from "./live-stage.ts";

const limit = { timeout: 120_000 };

let stage: ChangesStage;
before(async () => {
  stage = await openChangesStage();
});
after(() => stage.close());

test("an edit in the panel appears in another tab and in the tracker", limit, async () => {
  const { linear, openBoard, issueIn, read, untilSettled } = stage;
  const page = await openBoard();
  const other = await openBoard();
  const issue = await issueIn("linear", "done");
  await page.locator(cardIn("done", issue.ref)).click();
  await page.locator(".title-button").click();
  await page.keyboard.type("A title of my own");
  await page.keyboard.press("Enter");
  await page.locator(".body-edit").click();
  await page.getByLabel("Description", { exact: true }).last().fill("- [ ] first\n- [ ] second");
  await page.keyboard.press("Control+Enter");
  await page.locator(".prose input[type=checkbox]").first().click();
  await other.locator(cardIn("done", issue.ref), { hasText: "A title of my own" }).waitFor();
  await eventually(async () => (/\[x\] first/i.test((await read(issue.address)).body) ? true : undefined), "ticked");
  await untilSettled();
  const world = inWorld(linear, issue);
  assert.equal(world.title, "A title of my own");
  assert.match(world.body, /\[x\] first\s+[-*] \[ \] second/i);
  await page.close();
  await other.close();
});

test("a new issue keeps its card, its changes and what is being typed when its tracker names it", limit, async () => {
  const { github, openBoard, untilSettled } = stage;
  const page = await openBoard();
  github.faults.add({ kind: "slow", value: 2000, method: "POST", path: "/issues" });
  await page.keyboard.press("c");
  await page.locator(".create-title").fill("Named later");
  await page.keyboard.press("Control+Enter");
  const card = page.locator(".card[data-ref]", { hasText: "Named later" });
  await card.click();
  const first = await card.getAttribute("data-ref");
  await page.locator(".title-button").click();
  await page.locator(".title-field").fill("Named later, renamed before");
  const renaming = Promise.withResolvers<void>();
  await page.route(/\/api\/issues\/[^/]+$/, async (route) => {
    if (route.request().method() === "PATCH") await renaming.promise;
    await route.continue();
  });
  await page.keyboard.press("Enter");
  await page.locator(".body-edit").click();
  const text = page.getByLabel("Description", { exact: true }).last();
  await text.fill("Begun before it had a name");
  await page.evaluate(() => {
    const shown: string[] = [];
    Object.assign(window, { shown });
    new MutationObserver(() => {
      shown.push(
        [...document.querySelectorAll(".card-title, .title-button")]
          .map(({ textContent }) => textContent)
          .filter((title) => title.includes("Named later"))
          .join("; "),
      );
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  await page.waitForFunction(
    (ref) =>
      [...document.querySelectorAll<HTMLElement>(".card[data-ref]")].some(
        ({ dataset, textContent }) => textContent.includes("Named later") && dataset["ref"] !== ref,
      ),
    first,
  );
  assert.equal(await text.inputValue(), "Begun before it had a name");
  renaming.resolve();
  await text.press("End");
  await page.keyboard.type(", and finished after");
  await page.keyboard.press("Control+Enter");
  const title = "Named later, renamed before";
  const made = () => github.world.issues().find((issue) => issue.title === title);
  await eventually(
    () => (made()?.body.includes("Begun before it had a name, and finished after") ? true : undefined),
    "all of it is in the tracker",
    { describe: made },
  );
  await untilSettled();
  const shown = new Set(await page.evaluate(() => (window as unknown as { shown: string[] }).shown));
  assert.deepEqual([...shown], [`${title}; ${title}`]);
  await page.close();
});

test("a URL pasted over text becomes a link, and a pasted picture gives an explanation", limit, async () => {
  const { openBoard, issueIn } = stage;
  const page = await openBoard();
  const issue = await issueIn("linear", "done");
  await page.locator(cardIn("done", issue.ref)).click();
  await page.locator(".body-edit").click();
  const field = page.getByLabel("Description", { exact: true }).last();
  await field.fill("See the notes.");
  const paste = (from: number, to: number, text: string | null) =>
    field.evaluate(
      (element: HTMLTextAreaElement, [start, end, pasted]) => {
        element.setSelectionRange(start, end);
        const clipboardData = new DataTransfer();
        if (pasted === null) clipboardData.items.add(new File(["x"], "shot.png", { type: "image/png" }));
        else clipboardData.setData("text/plain", pasted);
        element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
      },
      [from, to, text] as const,
    );
  await paste(4, 13, "https://notes.example/1");
  assert.equal(await field.inputValue(), "See [the notes](https://notes.example/1).");
  await paste(0, 0, null);
  await page.locator(".toast", { hasText: "can’t be added here" }).waitFor();
  await page.locator(".editor").getByRole("button", { name: "Discard" }).click();
  await page.close();
});

test("a comment sent from its preview leaves a field for the next one", limit, async () => {
  const { openBoard, issueIn } = stage;
  const page = await openBoard();
  const issue = await issueIn("linear", "done");
  await page.locator(cardIn("done", issue.ref)).click();
  const composer = page.locator(".composer");
  await composer.getByRole("textbox").fill("Seen before it was sent");
  await composer.getByRole("tab", { name: "Preview" }).click();
  await composer.locator(".editor-preview", { hasText: "Seen before" }).waitFor();
  await composer.getByRole("button", { name: "Comment", exact: true }).click();
  await page.locator(".comment", { hasText: "Seen before it was sent" }).waitFor();
  assert.equal(await composer.getByRole("textbox").inputValue(), "");
  await page.close();
});

test("a text field is as tall as its text, also in a browser that does not see to that itself", limit, async () => {
  const { openBoard, issueIn } = stage;
  const issue = await issueIn("linear", "done");
  const text = ["One line that is longer than the field is wide. ".repeat(5), ..."bcdefghijklmnopq"].join("\n");
  /** The heights of the field with the text and with one line, and whether either scrolls. */
  const heights = async (page: Page) => {
    await page.locator(cardIn("done", issue.ref)).click();
    await page.locator(".body-edit").click();
    const field = page.getByLabel("Description", { exact: true }).last();
    const look = () => field.evaluate((element) => [element.clientHeight, element.scrollHeight > element.clientHeight]);
    await field.fill(text);
    const long = await look();
    await field.fill("short");
    const short = await look();
    await page.locator(".editor").getByRole("button", { name: "Discard" }).click();
    return [long, short];
  };
  const page = await openBoard();
  const own = await heights(page);
  assert.ok(Number(own[0]?.[0]) > Number(own[1]?.[0]));
  // Ten rows of 20 pixels and the padding, however short the text is.
  assert.equal(own[1]?.[0], 224);

  await page.addInitScript(`{
    const supports = CSS.supports.bind(CSS);
    CSS.supports = (...words) => words[0] !== "field-sizing" && supports(...words);
    const without = new CSSStyleSheet();
    without.replaceSync("textarea { field-sizing: fixed !important }");
    document.adoptedStyleSheets = [without];
  }`);
  await page.goto(stage.server.url);
  assert.deepEqual(await heights(page), own);
  await page.close();
});

test("a field changed on both sides shows both values, and the chosen one is sent", limit, async () => {
  const { github, server, browser, issueIn, untilSettled } = stage;
  const issue = await issueIn("github", "done");
  const { page } = await browser.open();
  await goTo(page, server, `/issues/${encodeURIComponent(issue.address)}`);
  await page.locator(".title-button").click();
  await page.keyboard.type("Mine");
  github.world.edit(issue.nativeId, { title: "Theirs" });
  await page.keyboard.press("Enter");
  const review = page.locator(".conflict");
  await review.waitFor();
  assert.match(await review.innerText(), /Keep mine, not sent yet\s+Mine\s+Take theirs, shown now\s+Theirs/);
  assert.equal(inWorld(github, issue).title, "Theirs");
  // Outside the issue, the message links to the choice.
  const toReview = page.locator(".toast", { hasText: "conflict" }).getByRole("button", { name: "Review" });
  await page.locator(".toast", { hasText: "conflict" }).waitFor();
  assert.equal(await toReview.count(), 0);
  await page.getByRole("link", { name: "Board" }).first().click();
  await toReview.click();
  await page.locator(".issue-panel .conflict").waitFor();
  // What the tracker has is shown everywhere, and that there is another value.
  await page.locator(".issue-panel .title-button", { hasText: "Theirs" }).waitFor();
  assert.match(await page.locator(".issue-panel .issue-title").innerText(), /^Theirs\s+Yours, not sent: Mine$/);
  const { page: other } = await browser.open();
  await goTo(other, server, "/?tracker=github");
  const card = other.locator(".card-box", { has: other.locator(`.card[data-ref="${issue.ref}"]`) });
  assert.match(await card.innerText(), /\sTheirs\s[^]*Shows GitHub’s value/);
  await goTo(other, server, "/list?tracker=github");
  const row = other.locator(".list-row", { has: other.locator(`.row-link[data-ref="${issue.ref}"]`) });
  assert.match(await row.innerText(), /\sTheirs\s[^]*GitHub’s shown/);
  await other.close();
  await review.getByRole("button", { name: /^Apply/ }).click();
  await review.waitFor({ state: "detached" });
  await untilSettled();
  assert.equal(inWorld(github, issue).title, "Mine");
  await page.close();
});

test("a text changed meanwhile keeps both versions, and the chosen one is used", limit, async () => {
  const { github, server, browser, issueIn, untilSettled } = stage;
  const issue = await issueIn("github", "done");
  const { page } = await browser.open();
  await goTo(page, server, `/issues/${encodeURIComponent(issue.address)}`);
  await page.locator(".body-edit").click();
  await page.getByLabel("Description", { exact: true }).last().fill("What I wrote");
  await page.locator(".title-button").click();
  await page.locator(".title-field").fill("My title");
  github.world.edit(issue.nativeId, { title: "Their title", body: "What they wrote" });
  assert.equal((await server.ask("POST", "/api/trackers/github/sync", {})).status, 200);
  await page.locator("h2", { hasText: "Their title" }).waitFor({ state: "attached" });
  await page.locator(".title-field").press("Enter");
  await page.locator(".conflict").waitFor();
  await page.getByLabel("Description", { exact: true }).last().press("Control+Enter");
  const review = page.locator(".conflict", { hasText: "What they wrote" });
  await review.waitFor();
  assert.match(
    await review.innerText(),
    /Keep mine, not sent yet\s+What I wrote\s+Take theirs, shown now\s+What they wrote/,
  );
  assert.deepEqual([inWorld(github, issue).title, inWorld(github, issue).body], ["Their title", "What they wrote"]);
  await review.getByRole("button", { name: /^Apply/ }).click();
  await review.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Discard my edits" }).click();
  await page.locator(".conflict").waitFor({ state: "detached" });
  await untilSettled();
  assert.deepEqual([inWorld(github, issue).title, inWorld(github, issue).body], ["Their title", "What I wrote"]);
  await page.close();
});

test("a text edited in two tabs at once is one draft, saved once", limit, async () => {
  const { server, browser, issueIn, read, untilSettled } = stage;
  const issue = await issueIn("github", "backlog");
  const tabs = await Promise.all([browser.open(), browser.open()]);
  const [one, other] = tabs.map(({ page }) => page);
  assert.ok(one && other);
  for (const page of [one, other]) {
    await goTo(page, server, `/issues/${encodeURIComponent(issue.address)}`);
    await page.locator(".body-edit").waitFor();
  }
  await one.locator(".body-edit").click();
  const fields = [one, other].map((page) => page.getByLabel("Description", { exact: true }).last());
  const [field, otherField] = fields;
  assert.ok(field && otherField);
  await field.fill("Written here");
  await other.waitForFunction(() =>
    [...document.querySelectorAll("textarea")].some(({ value }) => value === "Written here"),
  );
  await otherField.press("Control+End");
  await otherField.pressSequentially(", and there");
  await field.press("Control+End");
  await field.pressSequentially(", and here again");
  await field.press("Control+Enter");
  for (const page of [one, other]) {
    await page.locator(".issue-text .prose", { hasText: "Written here, and there, and here again" }).waitFor();
  }
  await untilSettled();
  assert.equal((await read(issue.address)).body, "Written here, and there, and here again");
  await one.close();
  await other.close();
});

test("a rejection gives its reason, and the text is back in the editor", limit, async () => {
  const { server, browser, issueIn, read } = stage;
  const issue = await issueIn("github", "done");
  const { page } = await browser.open();
  await goTo(page, server, `/issues/${encodeURIComponent(issue.address)}`);
  await page.locator(".title-button").click();
  const long = "x".repeat(300);
  await page.locator(".title-field").fill(long);
  await page.keyboard.press("Enter");
  await page.locator(".toast[role=alert]").waitFor();
  assert.match(await page.locator(".toast[role=alert]").innerText(), /Couldn’t save/);
  assert.equal(await page.locator(".title-field").inputValue(), long);
  assert.equal((await read(issue.address)).title, issue.title);
  await page.locator(".title-field").press("Escape");
  await page.close();
});

test("a new issue appears on the board immediately, and its tracker names it", limit, async () => {
  const { linear, openBoard, untilSettled } = stage;
  const page = await openBoard();
  await page.keyboard.press("c");
  await page.locator(".create-title").waitFor();
  await page.getByRole("radio", { name: /Linear/ }).click();
  await page.locator(".create-title").fill("Made in the dashboard");
  await page.locator(".create [data-field=status]").waitFor();
  await page.keyboard.press("Control+Enter");
  const card = page.locator(".card", { hasText: "Made in the dashboard" });
  await card.waitFor();
  await untilSettled();
  const made = await eventually(
    () => linear.world.issues().find(({ title }) => title === "Made in the dashboard"),
    "made in the tracker",
  );
  await page.locator(`.card[data-ref="${made.key}"]`).waitFor();
  assert.equal(await card.count(), 1);
  const toast = page.locator(".toast", { hasText: `${made.key} created` });
  await toast.getByRole("button", { name: "Open" }).click();
  await page.locator(".issue-panel .issue-title", { hasText: "Made in the dashboard" }).waitFor();
  await toast.waitFor({ state: "detached" });
  await page.close();
});

test("an own comment has its author's name and picture from the start", limit, async () => {
  const { issueIn, openBoard, untilSettled, read } = stage;
  const page = await openBoard();
  const issue = await issueIn("github", "backlog");
  await page.locator(`.card[data-ref="${issue.ref}"]`).click();
  const field = page.getByRole("textbox", { name: /^Comment/ });
  await field.waitFor();
  const sent = Promise.withResolvers<void>();
  await page.route(/\/comments$/, async (route) => {
    if (route.request().method() === "POST") await sent.promise;
    await route.continue();
  });
  await field.fill("Whose picture is this?");
  await field.press("Control+Enter");
  const comment = page.locator(".comment", { hasText: "Whose picture is this?" });
  const author = async () => {
    const avatar = comment.locator(".avatar");
    return {
      name: await comment.locator("header b").innerText(),
      label: await avatar.getAttribute("aria-label"),
      picture: await avatar.locator("img").getAttribute("src"),
    };
  };
  await page.locator(".comment[data-pending]", { hasText: "Whose picture is this?" }).waitFor();
  const first = await author();
  sent.resolve();
  await untilSettled();
  await page.locator(".comment:not([data-pending])", { hasText: "Whose picture is this?" }).waitFor();
  assert.deepEqual(await author(), first);
  const written = (await read(issue.address)).comments.find(({ body }) => body.startsWith("Whose"))?.author;
  assert.equal(first.name, written?.name);
  await page.close();
});
