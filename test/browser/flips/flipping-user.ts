import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import type { Random } from "../../../emulators/seed/random.ts";
import { type Status, statuses, statusLabels } from "../../../src/domain/status.ts";
import type { IssueDetailShape } from "../../../src/server/contract/issue.ts";
import { eventually } from "../../support/stage.ts";
import type { Wanted } from "./expectations.ts";
import { isAtRest } from "./page-at-rest.ts";

type UserParts = {
  readonly page: Page;
  readonly random: Random;
  readonly origin: string;
  readonly issues: readonly IssueDetailShape[];
  readonly note: (words: string) => void;
  /** Called before the page is left. */
  readonly onLeave: () => Promise<void>;
};

type Issue = Pick<IssueDetailShape, "ref" | "address" | "tracker">;

/** Whether a recorded list of texts has exactly this one; another comment may begin with it. */
function isListed(value: string, text: string): boolean {
  return value.startsWith("[") ? (JSON.parse(value) as string[]).includes(text) : value === text;
}

/** A user who changes everything there is, and remembers what should be shown. */
export function createUser({ page, random, origin, issues, note, onLeave }: UserParts) {
  const wanted: Wanted[] = [];
  let words = 0;
  const word = () => `w${(words += 1)}x`;
  const titles = new Map(issues.map(({ ref, title }) => [ref, title]));
  const statusOf = new Map(issues.map(({ ref, status }) => [ref, status]));
  /** Steps back, by what they change. */
  const done: { readonly want: Wanted; readonly back: ((value: string) => boolean) | null }[] = [];

  /** Declares what the next press changes. */
  const want = (
    issue: Issue,
    field: string,
    what: string,
    holds: (value: string) => boolean,
    back: ((value: string) => boolean) | null = null,
    /** Whether earlier changes of the field still hold. */
    adds = false,
  ) => {
    const at = Date.now();
    if (!adds)
      for (const one of wanted)
        if (one.field === field && one.issue.ref === issue.ref) one.until = Math.min(one.until, at);
    const one: Wanted = { issue, field, what: `${issue.ref}: ${what}`, holds, at, until: Infinity };
    wanted.push(one);
    done.push({ want: one, back });
    note(one.what);
  };

  const card = ({ ref }: Issue) => page.locator(`.card[data-ref="${ref}"]`);
  const openRef = () => page.locator(".issue-panel .issue-head .font-semibold").first();
  /** Waits until the page may be left: it asks no question, and nothing is on its way. */
  const untilSent = () =>
    eventually(async () => ((await isAtRest(page)) ? true : undefined), "the page can be left").then(onLeave);
  const goTo = async (path: string) => {
    await untilSent();
    await page.goto(`${origin}${path}`);
  };
  const close = async () => {
    if ((await page.locator(".issue-panel").count()) === 0) return;
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    // The first one may close a list that is just closing by itself.
    for (let again = 0; again < 3 && (await page.locator(".issue-panel").count()) > 0; again += 1) {
      if (again > 0) note("Escape again");
      await page.keyboard.press("Escape");
      await page
        .locator(".issue-panel")
        .waitFor({ state: "detached", timeout: 5000 })
        .catch(() => undefined);
    }
    assert.equal(await page.locator(".issue-panel").count(), 0, "Escape closes the panel");
  };
  const open = async (issue: Issue) => {
    if ((await page.locator(".issue-panel").count()) > 0) {
      const isIt = [issue.ref, issue.address].includes(await openRef().innerText());
      if (isIt && random.chance(0.7)) return;
      await close();
    }
    if (new URL(page.url()).pathname.startsWith("/issues/")) {
      if (page.url().includes(encodeURIComponent(issue.address))) return;
      await goTo("/");
    }
    if (random.chance(0.1)) {
      await goTo(`/issues/${encodeURIComponent(issue.address)}`);
    } else {
      if ((await card(issue).count()) === 0) await goTo("/");
      await card(issue).click();
    }
    await page.locator(".issue-grid .title-button").waitFor();
  };
  const onBoard = async () => {
    await close();
    if (new URL(page.url()).pathname !== "/") await goTo("/");
    await page.locator(".card[data-ref]").first().waitFor();
  };
  /** Opens a property's list or form. */
  const property = async (issue: Issue, field: string): Promise<boolean> => {
    await open(issue);
    const button = page.locator(`.issue-grid .properties [data-field=${field}]`);
    if ((await button.count()) === 0) return false;
    await button.click();
    return true;
  };
  const wantStatus = (issue: Issue, status: Status) => {
    const old = statusOf.get(issue.ref);
    statusOf.set(issue.ref, status);
    const is = (one: Status | undefined) => (value: string) =>
      one !== undefined && (value === one || value.replace("Status: ", "").startsWith(statusLabels[one]));
    want(issue, "status", `moved to ${status}`, is(status), is(old));
  };

  const actions: Readonly<Record<string, (issue: Issue) => Promise<void>>> = {
    async title(issue) {
      await open(issue);
      await page.locator(".title-button").click();
      const title = `Title ${word()}`;
      await page.locator(".title-field").fill(title);
      const old = titles.get(issue.ref);
      titles.set(issue.ref, title);
      want(
        issue,
        "title",
        `title “${title}”`,
        (value) => value === title,
        (value) => value === old,
      );
      await page.keyboard.press("Enter");
    },
    async body(issue) {
      await open(issue);
      await page.locator(".body-edit").click();
      const token = word();
      await page
        .getByLabel("Description", { exact: true })
        .last()
        .fill(`Text ${token}\n\n- [ ] one\n- [ ] two\n- [ ] three`);
      want(issue, "body", `body ${token}`, (value) => value.includes(token));
      await page.keyboard.press("Control+Enter");
    },
    async task(issue) {
      await open(issue);
      await page.locator(".issue-text .prose").waitFor();
      const boxes = page.locator(".issue-text .prose input[type=checkbox]");
      const count = await boxes.count();
      if (count === 0) return;
      const ticks = async () =>
        (await boxes.evaluateAll((all) => all.map((box) => ((box as HTMLInputElement).checked ? "x" : "-")))).join("");
      for (let turn = 0; turn < 1 + random.int(2); turn += 1) {
        const at = random.int(count);
        const before = await ticks();
        const after = before.slice(0, at) + (before[at] === "x" ? "-" : "x") + before.slice(at + 1);
        want(
          issue,
          "body",
          `ticked ${at}: ${after}`,
          (value) => value.endsWith(after),
          (value) => value.endsWith(before),
        );
        await boxes.nth(at).click();
        if (random.chance(0.5)) await sleep(random.int(600));
      }
    },
    async labels(issue) {
      if (!(await property(issue, "labels"))) return;
      const name = `label ${word()}`;
      const field = page.getByRole("combobox", { name: /^Labels of/ });
      await field.fill(name);
      await page.getByRole("option", { name: /^Create/ }).waitFor();
      const has = (value: string) => value.includes(name) || /\+\d|…/.test(value);
      want(issue, "labels", name, has, (value) => !value.includes(name), true);
      await field.press("Enter");
      await field.press("Escape");
    },
    async priority(issue) {
      if (!(await property(issue, "priority"))) return;
      const at = random.int(5);
      const name = ["None", "Urgent", "High", "Medium", "Low"][at] ?? "";
      const field = page.getByRole("combobox", { name: /^Priority of/ });
      await page.getByRole("option").nth(3).waitFor();
      want(issue, "priority", name, (value) => value === `#p-${at}` || value.includes(`: ${name}`));
      await field.press(String(at));
    },
    async assignees(issue) {
      if (!(await property(issue, "assignees"))) return;
      const choice = page.getByRole("option").filter({ hasNotText: "Unassigned" });
      await choice.nth(1).waitFor();
      const one = choice.nth(random.int(await choice.count()));
      const checked = await one.evaluate(
        (element) =>
          element.querySelector("[href='#check']") !== null ||
          element.getAttribute("aria-checked") === "true" ||
          element.getAttribute("aria-selected") === "true",
      );
      const name = (await one.locator("span.truncate, span.flex-1").first().innerText()).trim();
      if (name !== "" && !checked)
        want(issue, "assignees", `assigned to ${name}`, (value) => value.toLowerCase().includes(name.toLowerCase()));
      else for (const had of wanted) if (had.field === "assignees") had.until = Math.min(had.until, Date.now());
      await one.click();
      await page.keyboard.press("Escape");
    },
    async dueDate(issue) {
      if (!(await property(issue, "dueDate"))) return;
      const offer = page.locator(".value-offers .menu-item").nth(random.int(3));
      const words = await offer.locator(".choices-more").innerText();
      want(issue, "dueDate", `due ${words}`, (value) => value.includes(words));
      await offer.click();
    },
    async estimate(issue) {
      if (!(await property(issue, "estimate"))) return;
      const points = random.pick(["2", "3", "5", "8"]);
      const button = page.locator(".value-form").getByRole("button", { name: points, exact: true });
      if ((await button.count()) === 0) return;
      want(issue, "estimate", `${points} points`, (value) => value.includes(`${points} points`));
      await button.click();
    },
    async parent(issue) {
      const other = random.pick(issues.filter(({ tracker, ref }) => tracker === issue.tracker && ref !== issue.ref));
      if (!(await property(issue, "parent"))) return;
      const field = page.getByRole("combobox", { name: /^Parent of/ });
      await field.fill(other.ref);
      const option = page.getByRole("option", { name: other.ref }).first();
      await option.waitFor();
      const key = other.ref.replace(/^.*(?=#)/, "");
      want(issue, "parent", `parent ${other.ref}`, (value) => value.includes(key));
      await option.click();
    },
    async relation(issue) {
      const other = random.pick(issues.filter(({ ref }) => ref !== issue.ref));
      await open(issue);
      await page.getByRole("button", { name: "Add relation" }).click();
      await page.getByRole("option", { name: "Relates" }).click();
      const field = page.getByRole("combobox", { name: /^Relates/ });
      await field.fill(other.ref);
      const option = page.getByRole("option", { name: other.ref }).first();
      await option.waitFor();
      const key = other.ref.replace(/^.*(?=#)/, "");
      want(issue, "relations", `relates ${other.ref}`, (value) => value.includes(key), null, true);
      await option.click();
    },
    async menu(issue) {
      if (!(await property(issue, "status"))) return;
      const at = random.pick([0, 1, 2, 3, 4]);
      const status = statuses[at];
      if (status === undefined || statusOf.get(issue.ref) === status) {
        await page.keyboard.press("Escape");
        return;
      }
      await page.getByRole("option").nth(4).waitFor();
      wantStatus(issue, status);
      await page.getByRole("combobox", { name: /^Move/ }).press(String(at + 1));
    },
    async key(issue) {
      await onBoard();
      const status = statusOf.get(issue.ref);
      const at = status === undefined ? -1 : statuses.indexOf(status);
      const next = statuses[at + 1];
      if (next === undefined || next === "canceled") return;
      await card(issue).focus();
      wantStatus(issue, next);
      await page.keyboard.press("Shift+ArrowRight");
    },
    async drag(issue) {
      await onBoard();
      const status = random.pick(statuses.slice(0, 4));
      if (status === statusOf.get(issue.ref)) return;
      const [from, to] = [
        await card(issue).boundingBox(),
        await page.locator(`.column[data-status=${status}]`).boundingBox(),
      ];
      if (from === null || to === null) return;
      await page.mouse.move(from.x + 40, from.y + 20);
      await page.mouse.down();
      await page.mouse.move(from.x + 50, from.y + 30, { steps: 3 });
      await page.mouse.move(to.x + 80, to.y + 120, { steps: 3 });
      await sleep(random.int(1500));
      if ((await page.locator(`.column[data-status=${status}] .drop-place`).count()) > 0) wantStatus(issue, status);
      else note("no place to drop");
      await page.mouse.up();
    },
    async comment(issue) {
      await open(issue);
      const token = word();
      const field = page.getByRole("textbox", { name: /^Comment in/ });
      await field.fill(`Comment ${token}`);
      want(
        issue,
        "comments",
        `comment ${token}`,
        (value) => value.includes(`Comment ${token}`),
        (value) => !value.includes(token),
        true,
      );
      await field.press("Control+Enter");
      if (random.chance(0.5)) await close();
    },
    async editComment(issue) {
      await open(issue);
      const button = page.getByRole("button", { name: "Edit comment" }).first();
      if (!(await button.isVisible().catch(() => false))) return;
      const own = page.locator(".comment", { has: button }).first();
      const old = ((await own.locator(".prose").textContent()) ?? "").trim();
      await button.click();
      const token = word();
      const field = page.getByRole("textbox", { name: "Comment", exact: true });
      await field.fill(`Edited ${token}`);
      for (const one of wanted)
        if (one.field === "comments" && one.holds(old)) one.until = Math.min(one.until, Date.now() - 1);
      want(
        issue,
        "comments",
        `comment edited ${token}`,
        (value) => value.includes(`Edited ${token}`) && !isListed(value, old),
        null,
        true,
      );
      await field.press("Control+Enter");
      if (random.chance(0.5)) await close();
    },
    async removeComment(issue) {
      await open(issue);
      const button = page.getByRole("button", { name: "Delete comment" }).first();
      if (!(await button.isVisible().catch(() => false))) return;
      const own = page.locator(".comment", { has: button }).first();
      const prose = own.locator(".prose");
      if ((await prose.count()) === 0) return;
      const old = ((await prose.textContent()) ?? "").trim();
      for (const one of wanted)
        if (one.field === "comments" && one.holds(old)) one.until = Math.min(one.until, Date.now() - 1);
      want(issue, "comments", `comment deleted: ${old}`, (value) => !isListed(value, old), null, true);
      await button.click();
      if (random.chance(0.5)) await close();
    },
    async undo() {
      const last = done.pop();
      if (last === undefined || last.back === null) return void (done.length = 0);
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      const { want: undone, back } = last;
      undone.until = Math.min(undone.until, Date.now());
      wanted.push({ ...undone, what: `undone: ${undone.what}`, holds: back, at: Date.now(), until: Infinity });
      note(`undo of ${undone.what}`);
      if (undone.field === "title") titles.delete(undone.issue.ref);
      if (undone.field === "status") {
        const old = statuses.find((status) => back(status));
        if (old !== undefined) statusOf.set(undone.issue.ref, old);
      }
      await page.keyboard.press("z");
      done.length = 0;
    },
    async reload() {
      await untilSent();
      note("reload");
      await page.reload();
      done.length = 0;
    },
    async bulk(issue) {
      await onBoard();
      const other = random.pick(issues.filter(({ tracker, ref }) => tracker === issue.tracker && ref !== issue.ref));
      await card(issue).focus();
      await page.keyboard.press("x");
      await card(other).focus();
      await page.keyboard.press("x");
      await page.keyboard.press("Shift+L");
      const name = `label ${word()}`;
      const field = page.getByRole("combobox", { name: /^Labels of/ });
      await field.fill(name);
      await page.getByRole("option", { name: /^Create/ }).waitFor();
      for (const one of [issue, other])
        want(one, "labels", name, (value) => value.includes(name) || /\+\d/.test(value), null, true);
      await field.press("Enter");
      await page.keyboard.press("Escape");
      await page.locator(".field-dialog").waitFor({ state: "detached" });
      await page.keyboard.press("Escape");
      await page.locator(".bulk-bar").waitFor({ state: "detached" });
    },
    async create() {
      await onBoard();
      const token = word();
      await page.keyboard.press("c");
      await page.locator(".create-title").fill(`Made ${token}`);
      note(`create ${token}`);
      await page.keyboard.press("Control+Enter");
      const made = page.locator(".card[data-ref]", { hasText: `Made ${token}` });
      const dialog = page.locator(".create-dialog");
      const refusal = page.locator(".create-refusal");
      await eventually(async () => {
        if (!(await dialog.isVisible())) return true;
        // While an attempt is under way, the key does nothing.
        if (await refusal.isVisible()) {
          note("create again");
          await page.keyboard.press("Control+Enter");
        }
        return undefined;
      }, "it is created in the end");
      await made.waitFor();
      if (random.chance(0.5)) await sleep(random.int(1500));
      // From now on it is there, under whatever ref.
      want({ ref: `Made ${token}`, address: "", tracker: "" }, "there", `made ${token}`, (value) => value === "1");
      await page.keyboard.press("Shift");
      if (random.chance(0.5)) {
        // While the tracker may be giving it a name.
        await made.click();
        await page.locator(".issue-grid .title-button").click();
        await page.locator(".title-field").fill(`Made ${token} and renamed`);
        const ref = (await page.locator(".issue-panel .issue-head .font-semibold").first().innerText()).trim();
        want({ ref, address: "", tracker: "" }, "title", `renamed ${token}`, (value) => value.includes("renamed"));
        await page.keyboard.press("Enter");
      }
    },
    async list(issue) {
      await untilSent();
      await close();
      note("list");
      if (new URL(page.url()).pathname.startsWith("/issues/")) await goTo("/list");
      else await page.getByRole("link", { name: "List", exact: true }).click();
      const row = page.locator(`.row-link[data-ref="${issue.ref}"]`);
      await row.focus();
      const status = random.pick(statuses.slice(0, 4));
      if (status === statusOf.get(issue.ref)) return;
      await page.keyboard.press("s");
      const field = page.getByRole("combobox", { name: /^Move/ });
      await page.getByRole("option").nth(4).waitFor();
      wantStatus(issue, status);
      await field.press(String(statuses.indexOf(status) + 1));
      await page.locator(".field-dialog").waitFor({ state: "detached" });
    },
    async manual(issue) {
      await close();
      if (!page.url().includes("sort=manual") || new URL(page.url()).pathname !== "/") await goTo("/?sort=manual");
      await card(issue).waitFor();
      await card(issue).focus();
      const next = await card(issue).evaluate((element) => {
        const all = [...(element.closest(".column")?.querySelectorAll<HTMLElement>(".card[data-ref]") ?? [])];
        return all[all.indexOf(element as HTMLElement) + 1]?.dataset["ref"] ?? null;
      });
      if (next === null) return;
      want(issue, "before", `below ${next}`, (value) => !value.split(" ").includes(next));
      await page.keyboard.press("Alt+ArrowDown");
      await sleep(random.int(1500));
      // Other changes of either card may change their order.
      for (const one of wanted) if (one.field === "before") one.until = Math.min(one.until, Date.now());
    },
    async back() {
      note("to the board");
      await onBoard();
    },
  };

  return {
    wanted,
    untilSent,
    actions: Object.keys(actions),
    /** Does one thing to an issue. */
    async act(name: string, issue: Issue) {
      const action = actions[name];
      assert.ok(action, name);
      await action(issue);
    },
  };
}
