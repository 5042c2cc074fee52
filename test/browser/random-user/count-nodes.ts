import type { Page } from "playwright-core";

/** How many nodes of documents the browser holds for a page and those beside it, once what nobody needs is collected. */
export async function countNodes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  try {
    // The first one frees what the second one finds.
    for (let turn = 0; turn < 2; turn += 1) await session.send("HeapProfiler.collectGarbage");
    return (await session.send("Memory.getDOMCounters")).nodes;
  } finally {
    await session.detach();
  }
}
