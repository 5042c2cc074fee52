import { openBareBrowser } from "./bare-browser.ts";
import { type BenchCase, median, ms, percentile } from "./measure.ts";
import { fillMirror, type RunningServer, startServer } from "./support.ts";

const rounds = 9;
const maxMs = 700;
const maxBytes = 180 * 1000;
const maxShift = 0.02;
/** How long to leave the page alone, so that late layout shifts count too. */
const aloneMs = 3000;

type Opened = {
  /** From the navigation, including the sign-in redirect, until the first text of a card is on screen, by the browser's clock. */
  readonly paintedMs: number;
  /** Transferred JavaScript by path, in bytes. */
  readonly scripts: readonly (readonly [path: string, bytes: number])[];
  readonly shift: number;
};

export const openCase: BenchCase = {
  name: "open",
  about:
    "opening the board of 10,000 issues from the sign-in address, in a running browser with a new profile: first cards, script size, layout shift",
  async run(report) {
    const { home } = await fillMirror(10_000, report);
    const server = await startServer(home);
    try {
      // The first visit warms up the server.
      await openCold(`${server.url}/?token=${server.token}`);
      const opened: Opened[] = [];
      const floor: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        opened.push(await openCold(`${server.url}/?token=${server.token}`));
        // A minimal page of the same server: what it shows a browser that is not signed in.
        floor.push((await openCold(server.url)).paintedMs);
      }
      const own = await scriptsOf(server);
      const times = opened.map((one) => one.paintedMs);
      const bytes = Math.max(
        ...opened.map(({ scripts }) =>
          scripts.filter(([path]) => own.includes(path)).reduce((sum, [, size]) => sum + size, 0),
        ),
      );
      const shift = Math.max(...opened.map((one) => one.shift));
      return [
        {
          what: "open to the first cards on the screen, cold browser, 10,000 issues, p50",
          measured: `${ms(median(times))} (p95 ${ms(percentile(times, 0.95))}; a page of a few words, p50 ${ms(median(floor))})`,
          must: `below ${maxMs} ms`,
          ok: median(times) < maxMs,
          data: { times, floor },
        },
        {
          what: "JavaScript of the first page, compressed",
          measured: `${(bytes / 1000).toFixed(0)} kB`,
          must: "below 180 kB",
          ok: bytes > 0 && bytes < maxBytes,
          data: { bytes },
        },
        {
          what: "layout shift while the board opens, the most of all rounds",
          measured: shift.toFixed(4),
          must: `at most ${maxShift}`,
          ok: shift <= maxShift,
          data: { shift },
        },
      ];
    } finally {
      await server.stop();
    }
  },
};

async function openCold(url: string): Promise<Opened> {
  const browser = await openBareBrowser();
  try {
    // A new browser loads pages of its own for some seconds (address bar, start page), which users with a running browser do not wait for.
    await browser.untilIdle();
    await browser.navigate(url);
    await new Promise((resolve) => setTimeout(resolve, aloneMs));
    return await browser.evaluate(readTimes);
  } finally {
    await browser.close();
  }
}

/**
 * Runs in the page. The browser records when each text that was the largest so far was painted: on the board a card's title, because skeletons have no text;
 * elsewhere any text.
 */
async function readTimes(): Promise<Opened> {
  const read = (type: string) =>
    new Promise<PerformanceEntry[]>((resolve) => {
      const entries: PerformanceEntry[] = [];
      const observer = new PerformanceObserver((list) => entries.push(...list.getEntries()));
      observer.observe({ type, buffered: true });
      setTimeout(() => {
        observer.disconnect();
        resolve(entries);
      }, 100);
    });
  let painted: PerformanceEntry | undefined;
  const hasBoard = document.getElementById("root") !== null;
  for (let attempt = 0; painted === undefined && attempt < 100; attempt += 1) {
    painted = (await read("largest-contentful-paint")).find((entry) => {
      const element: unknown = Reflect.get(entry, "element");
      return !hasBoard || (element instanceof Element && element.closest(".card[data-ref]") !== null);
    });
  }
  if (painted === undefined) throw new Error("no card came to the screen");
  const scripts = (performance.getEntriesByType("resource") as PerformanceResourceTiming[])
    .map((entry) => [new URL(entry.name).pathname, entry.encodedBodySize] as const)
    .filter(([path]) => path.endsWith(".js"));
  const shifts = await read("layout-shift");
  const shift = shifts.reduce((sum, entry) => sum + Number(Reflect.get(entry, "value")), 0);
  return { paintedMs: painted.startTime, scripts, shift };
}

/** The scripts that index.html loads: the entry and its static imports. */
async function scriptsOf(server: RunningServer): Promise<readonly string[]> {
  const response = await fetch(server.url, { headers: { authorization: `Bearer ${server.token}` } });
  const html = await response.text();
  return [...html.matchAll(/(?:src|href)="([^"]+\.js)"/g)].flatMap(([, path]) => path ?? []);
}
