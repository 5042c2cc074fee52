import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { createTicker } from "./ticker.ts";
import { agoLastsMs, formatAge, formatAgo, formatBriefly } from "./time.ts";

const start = Date.UTC(2026, 10, 29, 12);

test("of many ages, only those whose words may have changed are looked at, and none is missed", (context) => {
  mock.timers.enable({ apis: ["setInterval", "Date"], now: start });
  context.after(() => mock.timers.reset());
  const ticker = createTicker(1000);
  let calls = 0;
  const ages = Array.from({ length: 400 }, (_, index) => Math.round(index ** 3 * 25) - 5000);
  const shown = ages.map((age) => {
    const at = start - age;
    const words = () => [formatAgo, formatBriefly, formatAge].map((format) => format(at, ticker.now())).join(", ");
    const one = { at, words, said: words() };
    ticker.subscribe(
      () => {
        calls += 1;
        one.said = words();
      },
      (now) => agoLastsMs(at, now),
    );
    return one;
  });
  for (let second = 0; second < 100; second += 1) {
    mock.timers.tick(1000);
    for (const { at, words, said } of shown) assert.equal(said, words(), `${(start - at) / 1000} s before`);
  }
  // 40,000 if all of them were.
  assert.ok(calls < 2_000, `${calls} calls`);
});

test("a clock that is set back changes all words", (context) => {
  mock.timers.enable({ apis: ["setInterval"] });
  context.after(() => mock.timers.reset());
  let time = start;
  const ticker = createTicker(1000, () => time);
  const at = start - 2 * 3_600_000;
  let said = formatAgo(at, ticker.now());
  ticker.subscribe(
    () => {
      said = formatAgo(at, ticker.now());
    },
    (now) => agoLastsMs(at, now),
  );
  time -= 3_600_000;
  mock.timers.tick(1000);
  assert.equal(said, "1 h ago");
});
