import assert from "node:assert/strict";
import { it } from "node:test";
import { PanopticonError } from "../../domain/error.ts";
import { nextLink, parseLinks } from "./next-link.ts";

const origin = "https://api.example.com";
const link = (text: string) => new Headers({ link: text });

it("finds the next page among other links, including URLs with commas", () => {
  const header =
    '<https://api.example.com/x?a=1,2&page=1>; rel="prev", <https://api.example.com/x?a=1,2&page=3>; rel="next"; title="a, b"';
  assert.equal(nextLink(link(header), origin), "https://api.example.com/x?a=1,2&page=3");
  assert.equal(parseLinks(header)["prev"], "https://api.example.com/x?a=1,2&page=1");
});

it("accepts a relative URL and an unquoted relation", () => {
  assert.equal(nextLink(link("</y?page=2>; rel=next"), origin), "https://api.example.com/y?page=2");
});

it("returns null on the last page", () => {
  assert.equal(nextLink(new Headers(), origin), null);
  assert.equal(nextLink(link('<https://api.example.com/x>; rel="first"'), origin), null);
});

it("stays on the original server", () => {
  for (const target of [
    "https://evil.example/x?page=2",
    "http://api.example.com/x?page=2",
    "//me@evil.example/x?page=2",
  ]) {
    assert.equal(nextLink(link(`<${target}>; rel="next"`), origin), "https://api.example.com/x?page=2");
  }
});

it("refuses an invalid URL", () => {
  for (const target of ["https://", "file:///etc/passwd", "javascript:alert(1)"]) {
    assert.throws(
      () => nextLink(link(`<${target}>; rel="next"`), origin),
      (error) => error instanceof PanopticonError && error.code === "invalid_response",
    );
  }
});
