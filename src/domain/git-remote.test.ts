import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseGitRemote } from "./git-remote.ts";

const cases: [address: string, host: string, path: string][] = [
  ["git@github.com:owner/repo.git", "github.com", "owner/repo"],
  ["github.com:owner/repo", "github.com", "owner/repo"],
  ["https://github.com/owner/repo.git", "github.com", "owner/repo"],
  ["https://user:secret@GitHub.com/owner/repo/", "github.com", "owner/repo"],
  ["ssh://git@ghe.example.com:2222/owner/repo.git", "ghe.example.com", "owner/repo"],
  ["git://example.org/group/sub/project", "example.org", "group/sub/project"],
  ["git@gitlab.example.com:group/sub/project.git\n", "gitlab.example.com", "group/sub/project"],
];

for (const [address, host, path] of cases) {
  test(`${address.trim()} points to ${path} on ${host}`, () => {
    assert.deepEqual(parseGitRemote(address), { host, path });
  });
}

for (const address of [
  "/srv/git/repo.git",
  "../repo",
  "C:\\work\\repo",
  "file:///srv/repo.git",
  "",
  "https://github.com",
]) {
  test(`"${address}" is not a remote on a server`, () => {
    assert.equal(parseGitRemote(address), null);
  });
}

test("any text returns a remote or null", () => {
  fc.assert(fc.property(fc.string(), (text) => parseGitRemote(text) === null || parseGitRemote(text)?.host !== ""));
});
