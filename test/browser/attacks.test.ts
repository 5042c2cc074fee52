import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { NativeIssue } from "../../src/domain/issue.ts";
import { after, before } from "../support/hooks.ts";
import { inventedIssue } from "../support/invented-issues.ts";
import { mapping, sourceInfo, vocabulary } from "../support/store-fixtures.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";

// What people in a tracker can write, and what other sites' pages can do, in a real, signed-in Chromium. A script that runs sets `hacked`; violations of the
// page's policy are reported to the page.

const script = "window.hacked = (window.hacked || 0) + 1";
const pieces = [
  `<script>${script}</script>`,
  `<img src=x onerror="${script}">`,
  `<svg onload="${script}"><animate onbegin="${script}" attributeName=x dur=1s></svg>`,
  `<svg><script>${script}</script><foreignObject><iframe srcdoc="<script>parent.hacked=1</script>"></iframe></foreignObject></svg>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${script}&gt;">`,
  `<iframe src="javascript:${script}"></iframe>`,
  `<object data="javascript:${script}"></object><embed src="javascript:${script}">`,
  `<form action="https://evil.example/"><input name=a autofocus onfocus="${script}"><button formaction="javascript:${script}">x</button></form>`,
  `<a href="javascript:${script}">link</a> <a href="JaVa&Tab;Script:${script}">link</a> <a href="data:text/html,<script>${script}</script>">link</a>`,
  `<details open ontoggle="${script}">x</details><marquee onstart="${script}">x</marquee>`,
  `<style>@import 'https://evil.example/x.css'; * { background: url(https://evil.example/leak) }</style>`,
  `<div style="background:url(https://evil.example/leak)" class="dialog">x</div>`,
  `<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=https://evil.example/">`,
  `<link rel=stylesheet href="https://evil.example/x.css"><template><img src=x onerror="${script}"></template>`,
  `"><img src=x onerror=${script}>`,
  `' onmouseover='${script}`,
  `{{constructor.constructor('${script}')()}} \${${script}}`,
  `[a](javascript:${script}) ![b](javascript:${script}) <javascript:${script}> [c]: javascript:${script}`,
  '```html\n</code></pre><img src=x onerror="' + script + '">\n```',
  '```js" onmouseover="' + script + "\nlet a\n```",
  `\`<img src=x onerror=${script}>\``,
];
const markup = pieces.join("\n\n");
/** On one line, like titles and names. */
const name = (what: string) => `${what} <img src=x onerror="${script}">"'><script>${script}</script>`;

let stage: DashboardStage;
let evil: Server;
let evilOrigin: string;
let evilPage = "";

before(async () => {
  evil = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end(evilPage);
  });
  await new Promise<void>((resolve) => evil.listen(0, "127.0.0.1", resolve));
  evilOrigin = `http://127.0.0.1:${(evil.address() as AddressInfo).port}`;
  stage = await openDashboardStage({
    browser: { switches: ["--host-resolver-rules=MAP rebound.example 127.0.0.1"] },
    prepare: async (store) => {
      const [source] = await store.sources.list();
      assert.ok(source);
      const [state] = vocabulary.states;
      assert.ok(state);
      const words = {
        ...vocabulary,
        states: vocabulary.states.map((one) => ({ ...one, name: name(one.name) })),
        labels: [
          { id: "l1", name: name("label"), color: `red;background:url(https://evil.example/leak)"onclick="${script}` },
        ],
        people: [{ id: "p1", login: name("login"), name: name("person"), avatarUrl: `javascript:${script}` }],
        cycles: [{ id: "c1", name: name("cycle"), startsAt: null, endsAt: null }],
      };
      await store.sources.saveSchema(source.id, {
        info: { ...sourceInfo, name: name("source") },
        vocabulary: words,
        mapping,
        at: 1,
      });
      const hostile = (number: number): NativeIssue =>
        inventedIssue(source, number, {
          title: name(`title ${number}`),
          body: markup,
          url: `javascript:${script}`,
          type: name("type"),
          stateId: state.id,
          labelIds: ["l1"],
          assigneeIds: ["p1"],
          authorId: "p1",
          cycleId: "c1",
          nativePriority: null,
          attachments: [
            { id: "1", name: name("file"), url: `javascript:${script}`, contentType: null, size: 1 },
            {
              id: "2",
              name: name("page.html"),
              url: `data:text/html,<script>${script}</script>`,
              contentType: "text/html",
              size: 1,
            },
          ],
        });
      await store.mirror.applyPage(source.id, {
        changes: [1, 2, 3].map(hostile),
        removed: [],
        rejected: [{ nativeId: "9", raw: markup, reason: name("reason") }],
        seen: words,
        requestedAt: Date.now(),
        sync: {},
      });
    },
  });
  // One comment per piece, because an unclosed tag swallows what follows.
  stage.harness.sync.answers.refreshIssue = async (id) => {
    const comments = pieces.map((body, index) => ({
      id: `c${index}`,
      authorId: "p1",
      body,
      createdAt: index + 1,
      updatedAt: index + 1,
    }));
    await stage.harness.store.comments.replace(id, comments, {}, Date.now());
  };
  await stage.browser.context.addInitScript(() => {
    const seen = ((window as unknown as { violations: string[] }).violations = []) as string[];
    document.addEventListener("securitypolicyviolation", (event) =>
      seen.push(`${event.violatedDirective} ${event.blockedURI}`),
    );
  });
});
after(async () => {
  await stage.close();
  evil.closeAllConnections();
  await new Promise((resolve) => evil.close(resolve));
});

const state = (page: Page) =>
  page.evaluate(() => {
    const { hacked, violations } = window as unknown as { hacked?: number; violations: string[] };
    return { hacked: hacked ?? 0, violations };
  });
const untouched = { hacked: 0, violations: [] };

test(
  "nothing that people write in a tracker runs, applies styles or calls home, wherever it is shown",
  { timeout: 90_000 },
  async () => {
    const { page } = await stage.browser.open();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("dialog", (dialog) => void dialog.dismiss().then(() => assert.fail("a dialog")));
    await page.goto(stage.harness.server.openAddress());
    await page
      .getByText(/title 1 <img/)
      .first()
      .waitFor();
    assert.deepEqual(await state(page), untouched);
    for (const group of ["assignee", "cycle"]) {
      await page.goto(`${stage.harness.url}/?group=${group}`);
      await page
        .getByText(/title 1 <img/)
        .first()
        .waitFor();
      assert.deepEqual(await state(page), untouched, group);
    }
    const address = `${stage.harness.url}/issues/${encodeURIComponent("app#1")}`;
    await page.goto(address);
    await page.locator(".prose").first().waitFor();
    await page
      .getByText(/^title 1 <img/)
      .first()
      .waitFor();
    await page.waitForFunction((count) => document.querySelectorAll(".prose").length >= count, pieces.length);
    await page.locator(".prose details").first().waitFor();
    const links = await page.evaluate(() =>
      [...document.querySelectorAll("a")].map((link) => link.getAttribute("href") ?? ""),
    );
    for (const link of links) assert.doesNotMatch(link, /^\s*(?:javascript|data|vbscript):/i);
    assert.equal(
      await page
        .locator(".prose")
        .locator("script, iframe, object, embed, form, style, base, meta, link, svg, math, [style]")
        .count(),
      0,
    );
    const handlers = await page.evaluate(() =>
      [...document.querySelectorAll("*")].flatMap((one) =>
        one.getAttributeNames().filter((attribute) => attribute.startsWith("on")),
      ),
    );
    assert.deepEqual(handlers, []);
    await page.mouse.move(400, 400);
    await page.keyboard.press("Tab");
    // The policy also reports what the sanitizer parses outside the page, so inspect the page itself.
    assert.equal((await state(page)).hacked, 0);
    for (const path of ["/settings", "/settings/projects/app"]) {
      await page.goto(`${stage.harness.url}${path}`);
      await page.waitForLoadState("load");
      await page.locator("#root > *").first().waitFor();
      assert.deepEqual(await state(page), untouched, path);
    }
    assert.deepEqual(
      asked.filter((url) => url.includes("evil.example")),
      [],
    );

    // The second line of defence: if such markup got in, the policy would block and report it.
    await page.evaluate((html) => {
      const place = document.createElement("div");
      place.innerHTML = html;
      document.body.append(place);
    }, `<img src=x onerror="${script}"><iframe src="https://evil.example/"></iframe>`);
    await page.waitForFunction(() => (window as unknown as { violations: string[] }).violations.length >= 2);
    const { hacked, violations } = await state(page);
    assert.equal(hacked, 0);
    assert.match(violations.join(), /script-src/);
    await page.close();
  },
);

test(
  "a page on another port or host name reads and changes nothing in a signed-in browser",
  { timeout: 90_000 },
  async () => {
    const signedIn = await stage.browser.open();
    await signedIn.page.goto(stage.harness.server.openAddress());
    await signedIn.page
      .getByText(/title 1 <img/)
      .first()
      .waitFor();
    await stage.harness.ask("/api/views", { method: "POST", body: { name: "mine", query: "" } });
    const before = (await stage.harness.ask("/api/views")).text;

    evilPage = "<!doctype html><title>elsewhere</title><iframe name=target></iframe>";
    for (const origin of [evilOrigin, evilOrigin.replace("127.0.0.1", "localhost")]) {
      const { page } = await stage.browser.open();
      await page.goto(origin);
      const results = await page.evaluate(async (target) => {
        const outcome = async (work: Promise<unknown>) =>
          work.then(String, (error: unknown) => `refused: ${String(error)}`);
        const body = '{"name":"planted","query":""}';
        const ended = (what: EventTarget, good: string) =>
          new Promise<string>((resolve) => {
            what.addEventListener(good, () => resolve(good));
            what.addEventListener("error", () => resolve("refused"));
          });
        const element = (tag: "img" | "script", path: string) => {
          const made = document.createElement(tag);
          made.src = target + path;
          const end = ended(made, "load");
          document.body.append(made);
          return end;
        };
        const form = document.createElement("form");
        form.method = "post";
        form.enctype = "text/plain";
        form.action = `${target}/api/views`;
        form.target = "target";
        const field = document.createElement("input");
        field.name = '{"name":"planted","query":"';
        field.value = '"}';
        form.append(field);
        document.body.append(form);
        const framed = new Promise((resolve) => document.querySelector("iframe")?.addEventListener("load", resolve));
        form.submit();
        await framed;
        const opened = window.open(`${target}/`);
        const stream = new EventSource(`${target}/api/events`, { withCredentials: true });
        const streamed = await ended(stream, "open");
        stream.close();
        return {
          read: await outcome(fetch(`${target}/api/board`, { credentials: "include" }).then((answer) => answer.text())),
          preflight: await outcome(
            fetch(`${target}/api/views`, {
              method: "POST",
              credentials: "include",
              headers: { "content-type": "application/json" },
              body,
            }),
          ),
          simple: await outcome(
            fetch(`${target}/api/views`, { method: "POST", mode: "no-cors", credentials: "include", body }).then(
              ({ type }) => type,
            ),
          ),
          beacon: String(navigator.sendBeacon(`${target}/api/views`, new Blob([body], { type: "text/plain" }))),
          socket: await ended(new WebSocket(`${target.replace("http", "ws")}/api/agents/1/terminal`), "open"),
          script: await element("script", "/api/views"),
          picture: await element("img", "/favicon.svg"),
          streamed,
          opened: String(opened === null || opened.closed),
        };
      }, stage.harness.url);
      assert.match(results.read, /^refused/);
      assert.match(results.preflight, /^refused/);
      assert.equal(results.simple.replace(/^refused.*/, "opaque"), "opaque");
      for (const what of ["socket", "script", "picture", "streamed"] as const)
        assert.equal(results[what], "refused", what);
      await page.close();
    }
    assert.equal((await stage.harness.ask("/api/views")).text, before);

    // DNS rebinding: the attacker's name resolves to this server, so the browser considers the page same-origin.
    const rebound = `http://rebound.example:${stage.harness.port}`;
    const { page } = await stage.browser.open();
    const answer = await page.goto(`${rebound}/?token=${stage.harness.token}`);
    assert.equal(answer?.status(), 403);
    // The attacker's page, loaded before the name was rebound.
    await page.route(`${rebound}/evil`, (route) =>
      route.fulfill({ contentType: "text/html", body: "<!doctype html>" }),
    );
    await page.goto(`${rebound}/evil`);
    // Chromium itself may block a foreign page's access to this machine.
    const statuses = await page.evaluate(async () =>
      Promise.all(
        ["/api/board", "/api/health", "/", "/api/openapi.json"].map((path) =>
          fetch(path).then(
            ({ status }) => status,
            () => 403,
          ),
        ),
      ),
    );
    assert.deepEqual(statuses, [403, 403, 403, 403]);
    assert.deepEqual(await stage.browser.context.cookies(rebound), []);
    await page.close();
    await signedIn.page.close();
  },
);
