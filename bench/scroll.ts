import { chromium, type Page } from "playwright-core";
import { chromiumOptions } from "../test/browser/open-browser.ts";
import { type BenchCase, median, ms, percentile } from "./measure.ts";
import { fillMirror, startServer } from "./support.ts";
import { untilLoaded } from "./until-loaded.ts";

const issues = 100_000;
const maxMs = 33;
const steps = 400;
const pxPerFrame = 60;

type Scrolled = {
  /** The time between frames. */
  readonly frames: readonly number[];
  /** Frames in which part of a column with issues was blank, without even a skeleton. */
  readonly blank: number;
  /** Frames in which issues that were not loaded yet were shown as skeletons. */
  readonly waiting: number;
  readonly seen: number;
  readonly total: number;
};

export const scrollCase: BenchCase = {
  name: "scroll",
  about: "scrolling a column of more than 50,000 issues in a real browser",
  async run(report) {
    const { home } = await fillMirror(issues, report);
    const server = await startServer(home);
    const browser = await chromium.launch(chromiumOptions);
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      // Grouped by tracker, each column has half of the issues.
      await page.goto(`${server.url}/?group=tracker&token=${server.token}`);
      await page.waitForSelector(".card[data-ref]");
      await untilLoaded(page);
      const { frames, blank, waiting, seen, total } = await scroll(page);
      const p95 = percentile(frames, 0.95);
      report(`${seen} issues passed, ${waiting} of ${frames.length} frames had skeletons`);
      return [
        {
          what: `a frame while a column of ${total.toLocaleString("en")} issues is scrolled, p95`,
          measured: `${ms(p95)} (p50 ${ms(median(frames))}), ${blank} frames with blank rows`,
          must: `below ${maxMs} ms, no blank rows`,
          ok: p95 < maxMs && blank === 0 && total >= issues / 2,
          data: { frames, blank, waiting, seen, total },
        },
      ];
    } finally {
      await browser.close();
      await server.stop();
    }
  },
};

function scroll(page: Page): Promise<Scrolled> {
  return page.evaluate(
    ({ count, step, gapPx }) =>
      new Promise<Scrolled>((resolve) => {
        const body = document.querySelector(".column-body");
        const head = document.querySelector(".column-count");
        if (body === null || head === null) throw new Error("there is no column");
        const frames: number[] = [];
        const seen = new Set<string>();
        let last = 0;
        let blank = 0;
        let waiting = 0;
        const look = (now: number) => {
          if (last > 0) {
            frames.push(now - last);
            const { top, height } = body.getBoundingClientRect();
            // By the rows' positions, because hit-testing a point takes as long as rendering a row.
            const rows = [...body.querySelectorAll(".column-row")].map(
              (row) => [row, row.getBoundingClientRect()] as const,
            );
            // Three points of the visible part: a row covers each, apart from the gaps of a few pixels.
            for (const part of [0.2, 0.5, 0.8]) {
              const at = top + height * part;
              const card = rows
                .find(([, place]) => place.top - gapPx <= at && at <= place.bottom)?.[0]
                .querySelector(".card");
              if (card == null) blank += 1;
              else if (card.classList.contains("card-skeleton")) waiting += 1;
              else seen.add(card.getAttribute("data-key") ?? "");
            }
          }
          last = now;
          if (frames.length >= count) {
            const total = Number((head.textContent ?? "").replaceAll(",", ""));
            resolve({ frames, blank, waiting, seen: seen.size, total });
            return;
          }
          body.scrollTop += step;
          requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
    { count: steps, step: pxPerFrame, gapPx: 6 },
  );
}
