import assert from "node:assert/strict";
import { test } from "node:test";
import { liesIn } from "./file-place.ts";

test("a file is matched to a place by scheme, host, port and path prefix", () => {
  for (const [path, address, lies] of [
    ["/", "https://files.example/a", true],
    ["/", "http://files.example/a", false],
    ["/up/", "https://files.example/up/a", true],
    ["/up/", "https://files.example/up", false],
    ["/up/", "https://files.example/upper/a", false],
    ["/up/", "https://files.example//up/a", false],
    ["/up/", "https://files.example/x/../up/a", true],
    ["/up", "https://files.example/upper", true],
    ["/*/*/assets/", "https://files.example/acme/app/assets/7/x", true],
    ["/*/*/assets/", "https://files.example/acme/assets/7/x", false],
    ["/*/*/assets/", "https://files.example/acme//assets/7", false],
    ["/*/*/assets/", "https://files.example/acme/app/pull/assets/7", false],
    ["/*/*/assets/", "https://files.example/acme/app/assets", false],
    ["/*/*/assets/", "https://files.example/acme%2Fapp/x/assets/7", true],
  ] as const)
    assert.equal(liesIn({ origin: "https://files.example", path }, new URL(address)), lies, `${path} ${address}`);
});
