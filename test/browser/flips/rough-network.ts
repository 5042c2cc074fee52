import { setTimeout as sleep } from "node:timers/promises";
import type { Page, Route } from "playwright-core";
import type { Random } from "../../../emulators/seed/random.ts";

/** How a page's requests fare. */
type Roughness = {
  /** The longest delay on each way, in milliseconds. */
  readonly delayMs: number;
  /** The share of requests that fail, half of them after they took effect. */
  readonly failing: number;
};

/** Delays, reorders and sometimes breaks a page's API requests, and notes what becomes of them. */
export async function roughen(
  page: Page,
  random: Random,
  { delayMs, failing }: Roughness,
  note: (words: string) => void,
): Promise<void> {
  const pause = () => sleep(random.chance(0.4) ? random.int(40) : random.int(delayMs));
  await page.route(/\/api\/(?!events)/, async (route: Route) => {
    const request = route.request();
    const [before, after, fails] = [pause(), pause(), random.chance(failing)];
    const { pathname, search } = new URL(request.url());
    const told = (what: string) => note(`  ${request.method()} ${pathname}${search} ${what}`);
    try {
      await before;
      if (fails && random.chance(0.5)) {
        told("is lost");
        return await route.abort("connectionreset");
      }
      const asked = performance.now();
      const response = await route.fetch();
      await after;
      told(
        `${fails ? "loses its answer" : response.status()}, sent ${Math.round(performance.now() - asked)} ms before`,
      );
      return await (fails ? route.abort("connectionreset") : route.fulfill({ response }));
    } catch {
      // The page was left, or the server is down.
      await route.abort("connectionreset").catch(() => undefined);
    }
  });
}
