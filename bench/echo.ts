import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { chromiumOptions } from "../test/browser/open-browser.ts";
import { makeRepository } from "../test/support/workbench.ts";
import { type BenchCase, median, ms, percentile } from "./measure.ts";
import { makeHome, type RunningServer, startEmulators, startServer, untilSynced } from "./support.ts";

const keys = 200;
const perLine = 50;
const maxMs = 50;

/** Typed in turn, so that each key changes the end of the line. */
const letters = "abcdefghijklmnopqrstuvwxyz";

export const echoCase: BenchCase = {
  name: "echo",
  about: "a key pressed in an agent's terminal in a real browser, to tmux and back, until its letter is in the page",
  async run(report) {
    const emulators = await startEmulators(20, ["github"]);
    const home = await makeHome(emulators.env, emulators.sources);
    const folder = await mkdtemp(join(tmpdir(), "panopticon-echo-"));
    const profile = await mkdtemp(join(tmpdir(), "panopticon-chromium-"));
    await giveCheckout(home, makeRepository(folder).checkout);
    const server = await startServer(home);
    try {
      await untilSynced(server, ["github"]);
      // The terminal itself echoes input.
      const agent = await startAgent(server);
      const context = await chromium.launchPersistentContext(profile, {
        ...chromiumOptions,
        viewport: { width: 1440, height: 900 },
      });
      try {
        const page = await context.newPage();
        await page.goto(`${server.url}/?token=${server.token}`);
        await page.goto(`${server.url}/agents/${agent}`);
        await page.waitForSelector('.agent-live[data-state="live"]');
        await page.click(".xterm-screen");
        await page.evaluate(watchEcho);
        const times: number[] = [];
        for (let at = 0; at < keys; at += 1) {
          const letter = letters[at % letters.length] ?? "a";
          const echoed = page.evaluate<number>(`window.untilEcho(${JSON.stringify(letter)})`);
          await page.keyboard.press(letter);
          times.push(await echoed);
          if ((at + 1) % perLine === 0) await page.keyboard.press("Enter");
        }
        const p95 = percentile(times, 0.95);
        report(`p50 ${ms(median(times))}, p95 ${ms(p95)}, longest ${ms(Math.max(...times))}`);
        return [
          {
            what: "terminal echo, browser to tmux and back, p95",
            measured: `${ms(p95)} (p50 ${ms(median(times))})`,
            must: `below ${maxMs} ms`,
            ok: p95 < maxMs,
            data: { times },
          },
        ];
      } finally {
        await context.close();
        await ask(server, `/api/agents/${agent}/stop`, {});
      }
    } finally {
      await server.stop();
      await emulators.stop();
      for (const made of [home, folder, profile]) await rm(made, { recursive: true, force: true });
    }
  },
};

/** In the page: from the key event until the letter is in the rendered rows. */
const watchEcho = `{
  let pressedAt = 0;
  document.addEventListener("keydown", () => { pressedAt = performance.now(); }, { capture: true });
  const rows = document.querySelector(".xterm-rows");
  const count = (letter) => rows.textContent.split(letter).length;
  window.untilEcho = (letter) => new Promise((resolve) => {
    const before = count(letter);
    const observer = new MutationObserver(() => {
      if (count(letter) <= before) return;
      observer.disconnect();
      resolve(performance.now() - pressedAt);
    });
    observer.observe(rows, { childList: true, characterData: true, subtree: true });
  });
}`;

async function giveCheckout(home: string, path: string): Promise<void> {
  const folder = join(home, ".panopticon");
  const file = join(folder, "projects.yaml");
  const { projects } = JSON.parse(await readFile(file, "utf8")) as { projects: { bench: Record<string, unknown> } };
  await writeFile(file, JSON.stringify({ projects: { bench: { ...projects.bench, path } } }));
  const agents = { echo: { command: ["sh", "-c", "exec cat", "{prompt}"] } };
  await writeFile(join(folder, "config.yaml"), JSON.stringify({ agents }));
}

async function startAgent(server: RunningServer): Promise<string> {
  const { issues } = await server.get<{ issues: { ref: string }[] }>("/api/issues?limit=1");
  const started = (await ask(server, "/api/agents", { ref: issues[0]?.ref, agent: "echo" })) as { id: string };
  return started.id;
}

async function ask(server: RunningServer, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}
