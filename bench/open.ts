import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { chromiumOptions } from "../test/browser/open-browser.ts";
import { type BenchCase, median, ms, percentile } from "./measure.ts";
import { fillMirror, type RunningServer, startServer } from "./support.ts";

const rounds = 9;
const mostMs = 700;
const mostBytes = 180 * 1000;
const mostShift = 0.02;
/** A browser that has just been started is busy with itself for a moment. */
const browserStartMs = 1500;

type Opened = {
  /** From the navigation until the first cards are painted. */
  readonly contentMs: number;
  /** JavaScript that the page itself names, without what is loaded at leisure; as it came over the wire. */
  readonly scriptBytes: number;
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
      // The first one is the server's own warming up.
      await openCold(server);
      const opened: Opened[] = [];
      for (let round = 0; round < rounds; round += 1) opened.push(await openCold(server));
      const times = opened.map((one) => one.contentMs);
      const bytes = Math.max(...opened.map((one) => one.scriptBytes));
      const shift = Math.max(...opened.map((one) => one.shift));
      return [
        {
          what: "open to the first cards painted, cold browser, 10,000 issues, p50",
          measured: `${ms(median(times))} (p95 ${ms(percentile(times, 0.95))})`,
          must: `below ${mostMs} ms`,
          ok: median(times) < mostMs,
          data: { times },
        },
        {
          what: "JavaScript of the first page, compressed",
          measured: `${(bytes / 1000).toFixed(0)} kB`,
          must: "below 180 kB",
          ok: bytes > 0 && bytes < mostBytes,
          data: { bytes },
        },
        {
          what: "layout shift while the board opens, the most of all rounds",
          measured: shift.toFixed(4),
          must: `at most ${mostShift}`,
          ok: shift <= mostShift,
          data: { shift },
        },
      ];
    } finally {
      await server.stop();
    }
  },
};

async function openCold(server: RunningServer): Promise<Opened> {
  const profile = await mkdtemp(join(tmpdir(), "panopticon-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    ...chromiumOptions,
    viewport: { width: 1440, height: 900 },
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.addInitScript(watchCards);
    const own = await scriptsOf(server);
    await page.waitForTimeout(browserStartMs);
    await page.goto(`${server.url}/?token=${server.token}`, { waitUntil: "commit" });
    return await page.evaluate(async (scripts) => {
      const contentMs = await (Reflect.get(window, "cardsPainted") as Promise<number>);
      const entries = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
      const scriptBytes = entries
        .filter(({ name }) => scripts.includes(new URL(name).pathname))
        .reduce((sum, entry) => sum + entry.encodedBodySize, 0);
      // What comes a moment later moves nothing either.
      await new Promise((done) => setTimeout(done, 1000));
      const shifts: PerformanceEntry[] = [];
      const observer = new PerformanceObserver((list) => shifts.push(...list.getEntries()));
      observer.observe({ type: "layout-shift", buffered: true });
      await new Promise((done) => setTimeout(done, 100));
      shifts.push(...observer.takeRecords());
      observer.disconnect();
      const shift = shifts.reduce((sum, entry) => sum + Number(Reflect.get(entry, "value")), 0);
      return { contentMs, scriptBytes, shift };
    }, own);
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}

/**
 * Runs in the page before it: `window.cardsPainted` resolves to when the first cards were on the screen, from the navigation, by the page's own clock. What the
 * measuring program takes to hear of it is none of the user's time.
 */
function watchCards(): void {
  const painted = new Promise<number>((resolve) => {
    const look = () => {
      if (document.querySelector(".card[data-ref]") === null) {
        requestAnimationFrame(look);
        return;
      }
      // The frame's callbacks run before it is painted, a message sent from there arrives afterwards.
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener("message", () => {
        port1.close();
        resolve(performance.now());
      });
      port1.start();
      port2.postMessage(null);
    };
    requestAnimationFrame(look);
  });
  Reflect.set(window, "cardsPainted", painted);
}

/** The scripts that index.html loads: the entry, and what it imports before it runs. */
async function scriptsOf(server: RunningServer): Promise<readonly string[]> {
  const response = await fetch(server.url, { headers: { authorization: `Bearer ${server.token}` } });
  const html = await response.text();
  return [...html.matchAll(/(?:src|href)="([^"]+\.js)"/g)].flatMap(([, path]) => path ?? []);
}
