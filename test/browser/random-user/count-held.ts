import type { Page } from "playwright-core";

/** What a browser holds for a page and those beside it. */
export type Held = { readonly nodes: number; readonly listeners: number; readonly documents: number };

/** Counts it once what nobody needs is collected. */
export async function countHeld(page: Page): Promise<Held> {
  const session = await page.context().newCDPSession(page);
  try {
    // The first one frees what the second one finds.
    for (let turn = 0; turn < 2; turn += 1) await session.send("HeapProfiler.collectGarbage");
    const { nodes, jsEventListeners, documents } = await session.send("Memory.getDOMCounters");
    return { nodes, listeners: jsEventListeners, documents };
  } finally {
    await session.detach();
  }
}
