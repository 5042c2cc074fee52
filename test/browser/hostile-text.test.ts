import assert from "node:assert/strict";
import { test } from "node:test";
import { changeInvented } from "../support/change-invented.ts";
import { after, before } from "../support/hooks.ts";
import { type DashboardStage, openDashboardStage } from "./dashboard-stage.ts";

const hostileBody = `# Heading

<script>window.hacked = "script"</script>
<img src="x" onerror="window.hacked = 'image'">
<a href="javascript:window.hacked='link'">click</a> <a href="https://other.example/a" target="_self">fine</a>
<form action="/api/projects" method="post"><input name="id" value="x"><button>send</button></form>
<iframe src="https://other.example"></iframe><object data="x"></object><style>body { display: none }</style>
<div style="position: fixed; inset: 0; background: red" onclick="window.hacked = 'style'">cover</div>
<svg><script>window.hacked = "svg"</script></svg><math><mi xlink:href="javascript:window.hacked='math'">x</mi></math>

- [x] done
- [ ] open

| a | b |
|---|--:|
| ${"w".repeat(3000)} | 1 |

\u202Ethe other way round

${"w".repeat(3000)}

![far](http://plain.example/p.png) ![near](https://pictures.example/p.png)
`;

let stage: DashboardStage;

before(async () => {
  stage = await openDashboardStage();
});
after(() => stage.close());

test("a hostile text runs nothing, covers nothing and has no unsafe links", async () => {
  await changeInvented(stage.harness, "MIN-11", {
    body: hostileBody,
    title: `\u202Esdrawkcab ${"x".repeat(300)} <b>bold</b>`,
    nativePriority: "1",
  });
  const { page } = await stage.open("/issues/MIN-11");
  await page.waitForSelector(".prose h3");
  const found = await page.evaluate(() => {
    const prose = document.querySelector(".prose");
    if (prose === null) throw new Error("no text");
    const links = [...prose.querySelectorAll("a[href]")].map((link) => [
      link.getAttribute("href"),
      link.getAttribute("target"),
      link.getAttribute("rel"),
    ]);
    return {
      hacked: Reflect.get(window, "hacked") as unknown,
      forbidden: prose.querySelectorAll(
        "script, style, form, button, iframe, object, svg, math, [style], [onclick], [onerror]",
      ).length,
      inputs: [...prose.querySelectorAll("input")].map((input) => input.type),
      images: [...prose.querySelectorAll("img")].map((image) => [image.getAttribute("src"), image.loading]),
      links,
      wide: document.documentElement.scrollWidth > window.innerWidth,
      overflowing:
        document.querySelector(".issue-scroll")?.scrollWidth !== document.querySelector(".issue-scroll")?.clientWidth,
      boldTitle: document.querySelectorAll(".issue-title b").length,
    };
  });
  assert.equal(found.hacked, undefined);
  assert.equal(found.forbidden, 0);
  assert.deepEqual(found.inputs, ["checkbox", "checkbox"]);
  assert.deepEqual(found.images.at(-1), ["https://pictures.example/p.png", "lazy"]);
  assert.ok(found.images.every(([src]) => src?.startsWith("https://")));
  assert.ok(found.links.length >= 2);
  for (const [href, target, rel] of found.links) {
    assert.match(href ?? "", /^https?:\/\//);
    assert.equal(target, "_blank");
    assert.equal(rel, "noopener noreferrer");
  }
  assert.equal(found.wide, false);
  assert.equal(found.overflowing, false);
  assert.equal(found.boldTitle, 0);
  await page.close();
});
