import assert from "node:assert/strict";
import { it } from "node:test";
import { github } from "./github/index.ts";
import { gitlab } from "./gitlab/index.ts";
import { jira } from "./jira/index.ts";
import { linear } from "./linear/index.ts";

/** The URL that a short form of an issue's own source leads to, if it has this prefix. */
function urlOf({ refs }: Pick<typeof github, "refs">, own: { key: string; url: string }, prefix: string) {
  return refs.shortForms?.(own).find((form) => form.prefix === prefix)?.url;
}

it("finds the place of short forms beside the issue's own URL", () => {
  const shop = { key: "#12", url: "https://git.test:8443/acme/shop/issues/12" };
  assert.equal(urlOf(github, shop, "#"), "https://git.test:8443/acme/shop/issues/");
  const app = { key: "!4", url: "https://lab.test/below/group/app/-/issues/4" };
  assert.equal(urlOf(gitlab, app, "#"), "https://lab.test/below/group/app/-/issues/");
  assert.equal(urlOf(gitlab, app, "!"), "https://lab.test/below/group/app/-/merge_requests/");
  const task = { key: "!4", url: "https://lab.test/group/app/-/work_items/4" };
  assert.equal(urlOf(gitlab, task, "#"), "https://lab.test/group/app/-/issues/");
  for (const slug of ["", "/some-title"]) {
    const min = { key: "MIN-9", url: `https://linear.app/acme/issue/MIN-9${slug}` };
    assert.equal(urlOf(linear, min, "MIN-"), "https://linear.app/acme/issue/MIN-");
  }
  const proj = { key: "T2_X-88", url: "https://jira.test/context/browse/T2_X-88" };
  assert.equal(urlOf(jira, proj, "T2_X-"), "https://jira.test/context/browse/T2_X-");
});

it("finds none beside a URL that is none of the tracker's", () => {
  for (const tracker of [github, gitlab, jira, linear]) {
    for (const url of ["", "#12", "javascript:alert(1)//-/issues/12", "javascript:/browse/X-12", "https://a.test/12"]) {
      assert.deepEqual(tracker.refs.shortForms?.({ key: url.includes("X-") ? "X-12" : "#12", url }), [], url);
    }
  }
});
