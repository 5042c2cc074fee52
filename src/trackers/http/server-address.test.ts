import assert from "node:assert/strict";
import { it } from "node:test";
import { PanopticonError } from "../../domain/error.ts";
import { parseServerAddress } from "./server-address.ts";

const options = { tracker: "sample", example: "https://api.example.com" };

it("accepts http and https addresses and removes trailing slashes", () => {
  assert.equal(parseServerAddress(" https://HOST.example/api/v3/ ", options), "https://host.example/api/v3");
  assert.equal(parseServerAddress("http://127.0.0.1:4100", options), "http://127.0.0.1:4100");
});

it("refuses everything else with a helpful message", () => {
  for (const text of [
    "",
    "host.example",
    "ftp://host.example",
    "file:///etc/passwd",
    "https://me:pw@host.example",
    "https://h.example/?a=1",
    "https://",
  ]) {
    assert.throws(
      () => parseServerAddress(text, options),
      (error) =>
        error instanceof PanopticonError &&
        error.code === "invalid_input" &&
        (error.hint ?? "").includes("https://api.example.com"),
      text,
    );
  }
});
