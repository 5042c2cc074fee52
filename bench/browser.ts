import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { chromiumOptions } from "../test/browser/open-browser.ts";
import { type BenchCase, median, ms, ratio } from "./measure.ts";
import { type Filled, fillMirror, startServer } from "./support.ts";

const rounds = 9;

export const browserCase: BenchCase = {
  name: "browser",
  about: "from starting the process to a painted board in a real browser, 100,000 issues against 10,000",
  async run(report) {
    const small = await fillMirror(10_000, report);
    const large = await fillMirror(100_000, report);
    const times = { small: [] as number[], large: [] as number[] };
    const nodes = { small: 0, large: 0 };
    // A warm-up for each, because the first start compiles.
    for (const filled of [small, large]) await openBoard(filled);
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, filled] of [
        ["small", small],
        ["large", large],
      ] as const) {
        const opened = await openBoard(filled);
        times[name].push(opened.paintedMs);
        nodes[name] = opened.nodes;
      }
    }
    const [p50Small, p50Large] = [median(times.small), median(times.large)];
    return [
      {
        what: "process start to painted board, p50, 100,000 against 10,000 issues",
        measured: `${ratio(p50Large, p50Small)} (${ms(p50Large)} against ${ms(p50Small)})`,
        must: "at most 1.3 ×",
        ok: p50Large <= 1.3 * p50Small,
        data: { p50Small, p50Large },
      },
      {
        what: "DOM nodes of the board, 100,000 against 10,000 issues",
        measured: `${nodes.large} against ${nodes.small}`,
        must: "within 10 %",
        ok: Math.abs(nodes.large - nodes.small) <= nodes.small * 0.1,
        data: nodes,
      },
    ];
  },
};

/** A cold browser and a new process; measured from starting the process until the first cards are painted. */
async function openBoard(filled: Filled): Promise<{ paintedMs: number; nodes: number }> {
  const profile = await mkdtemp(join(tmpdir(), "panopticon-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    ...chromiumOptions,
    viewport: { width: 1440, height: 900 },
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const started = performance.now();
  const server = await startServer(filled.home);
  try {
    await page.goto(`${server.url}/?token=${server.token}`, { waitUntil: "commit" });
    await page.waitForSelector("[data-ref]");
    // Two frames later, the document is on screen.
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    const paintedMs = performance.now() - started;
    return { paintedMs, nodes: await countNodes(page) };
  } finally {
    await context.close();
    await server.stop();
    await rm(profile, { recursive: true, force: true });
  }
}

/** The document's node count once it is stable; the last cards are rendered after the first are on screen. */
function countNodes(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const count = () => {
          observer.disconnect();
          resolve(document.querySelectorAll("*").length);
        };
        let rested = setTimeout(count, 1000);
        const observer = new MutationObserver(() => {
          clearTimeout(rested);
          rested = setTimeout(count, 1000);
        });
        observer.observe(document, { childList: true, subtree: true });
      }),
  );
}
