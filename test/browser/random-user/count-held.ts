import type { Page } from "playwright-core";

/** What a browser holds in memory for a page and others in its process. */
export type Held = { readonly nodes: number; readonly listeners: number; readonly documents: number };

/** Counts after garbage collection. */
export async function countHeld(page: Page): Promise<Held> {
  const session = await page.context().newCDPSession(page);
  try {
    // The second collection frees what the first made unreachable.
    for (let turn = 0; turn < 2; turn += 1) await session.send("HeapProfiler.collectGarbage");
    const { nodes, jsEventListeners, documents } = await session.send("Memory.getDOMCounters");
    return { nodes, listeners: jsEventListeners, documents };
  } finally {
    await session.detach();
  }
}
