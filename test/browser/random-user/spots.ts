import type { Page } from "playwright-core";
import type { Random } from "../../../emulators/seed/random.ts";

/** Never clicked: it would leave the dashboard, or remove what the other actions work on. */
const spared =
  /take .* out|take it out|remove token|remove the|remove project|remove the project|remove .* from the board|forget|disconnect|delete project|open in|vscode|download/i;

type Spot = { readonly x: number; readonly y: number; readonly words: string };

/** A clickable point of a random element that matches. */
export async function findSpot(page: Page, random: Random, selector: string): Promise<Spot | null> {
  return page.evaluate(
    ({ selector, chance, spared }) => {
      const refuse = new RegExp(spared, "i");
      const spots: Spot[] = [];
      for (const element of document.querySelectorAll<HTMLElement>(selector)) {
        // The click would reach the element around it.
        if (element.matches(":disabled")) continue;
        const box = element.getBoundingClientRect();
        if (box.width < 2 || box.height < 2) continue;
        const x = box.left + Math.min(box.width / 2, 60);
        const y = box.top + Math.min(box.height / 2, 30);
        if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
        const top = document.elementFromPoint(x, y);
        if (top === null || !(element.contains(top) || top.contains(element))) continue;
        if (element instanceof HTMLAnchorElement) {
          if (element.target === "_blank" || element.hasAttribute("download")) continue;
          if (element.origin !== location.origin) continue;
        }
        const words = (element.getAttribute("aria-label") ?? element.title ?? "") || element.textContent || "";
        if (refuse.test(words)) continue;
        spots.push({
          x,
          y,
          words: `${element.tagName.toLowerCase()}.${element.className} “${words.trim().slice(0, 40)}”`,
        });
      }
      return spots[Math.floor(chance * spots.length)] ?? null;
    },
    { selector, chance: random.next(), spared: spared.source },
  );
}
