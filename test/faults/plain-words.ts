import assert from "node:assert/strict";

/** Details that belong in a log, not in front of a user. */
const inside: readonly (readonly [string, RegExp])[] = [
  ["a stack trace", /\n\s+at |\.ts:\d+|node_modules/],
  ["a value of the program", /\bundefined\b|\bNaN\b|\[object |\bnull\b/],
  ["an error's class", /\b[A-Z][a-z]+[A-Za-z]*Error\b|\bfetch failed\b|\bundici\b/],
  ["a code of the system", /\bE[A-Z]{4,}\b|UND_ERR|SQLITE_/],
  ["a failure of ours", /went wrong inside/],
];

/** Asserts that a text for users contains no internals. */
export function assertPlain(text: string): void {
  for (const [what, pattern] of inside) assert.doesNotMatch(text, pattern, `${what} is shown: ${text}`);
}

/** Asserts a message and its hint: the problem in a sentence, and what to do or that there is nothing to do. */
export function assertSays(
  said: { readonly message: string; readonly hint: string | null } | null,
  words: RegExp,
): void {
  assert.ok(said, `nothing is said; expected ${words}`);
  assert.match(said.message, words);
  assert.match(said.message, /^[\p{Lu}\d“"].*[.!?]”?$/su, "the message is a sentence");
  assert.ok((said.hint ?? "").length > 10, `nothing is said about what to do: ${said.message}`);
  assertPlain(`${said.message}\n${said.hint}`);
}
