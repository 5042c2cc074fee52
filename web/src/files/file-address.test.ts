import assert from "node:assert/strict";
import { test } from "node:test";
import { fileAddress, fileName, isOtherFile, linkedFile, ownAddress, placesOf } from "./file-address.ts";

const places = placesOf([
  { connection: "one", fileHosts: [{ origin: "https://files.example", path: "/", login: true }] },
  {
    connection: "two",
    fileHosts: [
      { origin: "https://files.example", path: "/", login: true },
      { origin: "http://127.0.0.1:4100", path: "/faces/", login: false },
      { origin: "https://faces.example", path: "/", login: false },
    ],
  },
]);
const through = (connection: string, url: string) =>
  `/api/files?connection=${connection}&url=${encodeURIComponent(url)}`;

test("a file that needs a login is proxied, through the connection of the issue that links it", () => {
  const url = "https://files.example/a%20b.png?x=1&y=2";
  assert.equal(fileAddress(url, places), through("one", url));
  assert.equal(fileAddress(url, places, "two"), through("two", url));
  assert.equal(fileAddress(url, places, "three"), through("one", url));
});

test("plain http is proxied for the trackers' own hosts only", () => {
  const url = "http://127.0.0.1:4100/faces/7";
  assert.equal(fileAddress(url, places), through("two", url));
  for (const other of ["http://127.0.0.1:4100/other", "http://127.0.0.1:4101/faces/7", "http://files.example/a"])
    assert.equal(fileAddress(other, places), null, other);
});

test("other https URLs are requested directly, other schemes never", () => {
  assert.equal(fileAddress("https://faces.example/7", places), "https://faces.example/7");
  assert.equal(fileAddress("https://elsewhere.example/7", places), "https://elsewhere.example/7");
  for (const other of ["javascript:alert(1)", "data:image/png;base64,x", "blob:x", "//x", "x", ""])
    assert.equal(fileAddress(other, places), null, other);
});

test("a file the server could not get is requested from its own URL, over https only", () => {
  const url = "https://files.example/a.png";
  assert.equal(ownAddress(`http://127.0.0.1:3011${fileAddress(url, places) ?? ""}`), url);
  assert.equal(ownAddress(fileAddress("http://127.0.0.1:4100/faces/7", places) ?? ""), null);
  assert.equal(ownAddress(url), null);
});

test("a link is proxied only if the file needs a login", () => {
  const url = "https://files.example/report.pdf";
  assert.equal(linkedFile(url, places, "two"), through("two", url));
  for (const other of [
    "https://elsewhere.example/a.pdf",
    "https://faces.example/7",
    "http://plain.example/",
    "mailto:a@b.c",
  ])
    assert.equal(linkedFile(other, places), null, other);
});

test("recognises non-picture files by name", () => {
  for (const [words, address, isOther] of [
    ["Report.pdf", "https://files.example/attachment/content/7", true],
    ["", "https://files.example/up/notes.tar", true],
    ["the plan", "https://files.example/up/plan.png", false],
    ["v1.2", "https://files.example/up/plan.png", false],
    ["v1.2", "https://files.example/7", false],
    ["logo.svg", "https://files.example/7", false],
    ["", "https://files.example/7", false],
  ] as const)
    assert.equal(isOtherFile(words, address), isOther, `${words} ${address}`);
});

test("names a linked file after the link text if that looks like a file name", () => {
  for (const [words, address, name] of [
    ["Report.pdf", "https://files.example/7f3a", "Report.pdf"],
    ["the report", "https://files.example/a/Q3%20report.pdf", "Q3 report.pdf"],
    ["the report", "https://files.example/100%.pdf", "100%.pdf"],
    ["../../etc/passwd.txt", "https://files.example/7f3a", "7f3a"],
    ["", "https://files.example/", "file"],
  ] as const)
    assert.equal(fileName(words, address), name);
});
