import type { TestContext } from "node:test";
import fc from "fast-check";

/** This process' fuzzing seed: `SEED` to repeat a run, otherwise random. */
const seed = process.env["SEED"] === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(process.env["SEED"]);

/** Settings for a property with a time limit; the seed is printed with the test, and `SEED=… npm test -- FILE` repeats it. */
export function fuzzing(
  t: TestContext,
  bounds: { readonly runs: number; readonly seconds: number },
): fc.Parameters<unknown> {
  t.diagnostic(`SEED=${seed}`);
  return {
    seed,
    numRuns: bounds.runs,
    interruptAfterTimeLimit: bounds.seconds * 1000,
    // A timeout passes, unless nothing was tried.
    markInterruptAsFailure: false,
    // Shrinking costs as much per run as the first failure.
    endOnFailure: true,
  };
}

/** Texts that have broken programs before. */
export const hostileText = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "",
      " ",
      "\0",
      "'",
      '"',
      "\\",
      "%",
      "%00",
      "%ff",
      "../../../etc/passwd",
      "$(id)`id`",
      "'; drop table issues; --",
      '" OR ""="',
      "a* NEAR b (",
      "-1",
      "0",
      "1e999",
      "NaN",
      "9007199254740993",
      "99999999999999999999",
      "null",
      "undefined",
      "true",
      "[]",
      "{}",
      "__proto__",
      "constructor",
      "toString",
      "\u202Eabc",
      "\uFEFF",
      "\uD800",
      "é́́́",
      "👩‍👩‍👧‍👦",
      "İ",
      "ß",
      "2026-02-30",
      ">2026-13-01",
      "0000-00-00T00:00:00Z",
      "+275760-09-13",
      ",",
      ",,,",
      "#",
      "#1",
      "!1",
      "x#99999999999999999999",
      "<script>alert(1)</script>",
      "a".repeat(5000),
      "(".repeat(3000),
    ),
  },
  fc.string({ maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 12 }),
);

/** Any JSON value, small or odd, sometimes deep. */
export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: hostileText },
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 1e308, Number.MAX_SAFE_INTEGER + 1, [], {}, [[]], [null]),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constant(JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":{"x":1}}}') as unknown),
  fc.constant(JSON.parse(`${'{"a":['.repeat(400)}1${"]}".repeat(400)}`) as unknown),
);

/** Finds a stack trace or an admission of an internal error in a text for users; null if there is none. */
export function findUnforeseen(text: string): string | null {
  return (
    /\n\s+at \S+ ?\(|\n\s+at (?:async )?[\w./:-]+:\d+:\d+|went wrong inside|TypeError|RangeError|SyntaxError|undefined is not (?:iterable|a function|an object|a constructor)|SQLITE_|Cannot read prop/.exec(
      text,
    )?.[0] ?? null
  );
}
