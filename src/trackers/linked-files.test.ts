import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { findLinkedFiles } from "./linked-files.ts";

const own = (url: URL) => url.origin === "https://files.example" && url.pathname.startsWith("/up/");
const named = (markdown: string) => findLinkedFiles(markdown, own).map(({ name, url }) => [name, url]);

test("finds links, images, tags and bare URLs once each, in order, with the best available name", () => {
  assert.deepEqual(
    named(
      [
        "See [the log](https://files.example/up/1/a.log) and ![ Screen shot ](https://files.example/up/2).",
        '<img width="10" alt="A map" src="https://files.example/up/3/map.png" />',
        '<img src="https://files.example/up/4" alt="Later">',
        "Bare: https://files.example/up/5/r%C3%A9sum%C3%A9.pdf, again https://files.example/up/1/a.log.",
        "![](https://files.example/up/6/x.png) <https://files.example/up/7/y>",
      ].join("\n"),
    ),
    [
      ["the log", "https://files.example/up/1/a.log"],
      ["Screen shot", "https://files.example/up/2"],
      ["A map", "https://files.example/up/3/map.png"],
      ["Later", "https://files.example/up/4"],
      ["résumé.pdf", "https://files.example/up/5/r%C3%A9sum%C3%A9.pdf"],
      ["x.png", "https://files.example/up/6/x.png"],
      ["y", "https://files.example/up/7/y"],
    ],
  );
});

test("does not list files on other hosts", () => {
  assert.deepEqual(
    named("[x](https://files.example.evil/up/1) https://files.example@evil.example/up/2 https://files.example/down/3"),
    [],
  );
});

test("returns a list for any text", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom("[", "]", "(", ")", "![", "https://files.example/up/", "%E0", "<img ", 'alt="', ">", " "),
        {
          maxLength: 40,
        },
      ),
      (parts) => {
        for (const file of findLinkedFiles(parts.join(""), own)) {
          assert.ok(own(new URL(file.url)));
          assert.notEqual(file.name, "");
        }
      },
    ),
  );
});
