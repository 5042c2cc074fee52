import assert from "node:assert/strict";
import { test } from "node:test";
import { browserCommand } from "./open-browser.ts";

for (const [platform, env, command] of [
  ["darwin", {}, ["open"]],
  ["win32", {}, ["rundll32", "url.dll,FileProtocolHandler"]],
  ["linux", { DISPLAY: ":0" }, ["xdg-open"]],
  ["linux", { WAYLAND_DISPLAY: "wayland-0" }, ["xdg-open"]],
  ["linux", {}, null],
  ["linux", { DISPLAY: ":10", SSH_CONNECTION: "10.0.0.1 1 10.0.0.2 22" }, null],
  ["darwin", { CI: "true" }, null],
] as const) {
  test(`on ${platform} with ${JSON.stringify(env)} a browser is opened by ${command?.[0] ?? "nobody"}`, () => {
    assert.deepEqual(browserCommand(env, platform), command);
  });
}
