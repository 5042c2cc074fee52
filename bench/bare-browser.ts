import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromiumOptions } from "../test/browser/open-browser.ts";

const startMs = 30_000;
/** A browser is idle when all its processes together use less CPU time than this, several times in a row. */
const idleSeconds = 0.02;
const lookMs = 250;
const idleLooks = 3;

export type BareBrowser = {
  /** Resolves once the browser is idle, at the latest after half a minute. */
  untilIdle(): Promise<void>;
  /** Navigates the browser's only tab, and leaves the page alone. */
  navigate(url: string): Promise<void>;
  /** Runs a function that must not use outer variables in the page, and returns what it resolves to. */
  evaluate<T>(run: () => T | Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/**
 * A real Chromium with a new profile and no instrumented pages. Browser automation records the origin of every error and request, for which V8 parses scripts a
 * second time: a large part of a page's start, and nothing a user waits for.
 */
export async function openBareBrowser(): Promise<BareBrowser> {
  const profile = await mkdtemp(join(tmpdir(), "panopticon-chromium-"));
  const browser = spawn(
    chromiumOptions.executablePath,
    [
      ...chromiumOptions.args,
      "--headless",
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
      // Even a headless window has a frame; this leaves 1440 × 900.
      "--window-size=1440,987",
      "--disable-extensions",
      "--disable-default-apps",
      "--no-default-browser-check",
      "--password-store=basic",
      "about:blank",
    ],
    { stdio: "ignore" },
  );
  try {
    const call = await connect(await readPort(profile, browser));
    const { targetInfos } = await call<{ targetInfos: { targetId: string; type: string }[] }>("Target.getTargets", {});
    const targetId = targetInfos.find(({ type }) => type === "page")?.targetId;
    const { sessionId } = await call<{ sessionId: string }>("Target.attachToTarget", { targetId, flatten: true });
    const cpuTime = async () => {
      const { processInfo } = await call<{ processInfo: readonly { cpuTime: number }[] }>(
        "SystemInfo.getProcessInfo",
        {},
      );
      return processInfo.reduce((sum, process) => sum + process.cpuTime, 0);
    };
    return {
      async untilIdle() {
        const deadline = Date.now() + startMs;
        let before = await cpuTime();
        for (let idle = 0; idle < idleLooks && Date.now() < deadline;) {
          await new Promise((resolve) => setTimeout(resolve, lookMs));
          const now = await cpuTime();
          idle = now - before < idleSeconds ? idle + 1 : 0;
          before = now;
        }
      },
      navigate: async (url) => void (await call("Page.navigate", { url }, sessionId)),
      async evaluate<T>(run: () => T | Promise<T>) {
        const expression = `(${run.toString()})()`;
        const params = { expression, awaitPromise: true, returnByValue: true };
        const answer = await call<{ result: { value: T }; exceptionDetails?: unknown }>(
          "Runtime.evaluate",
          params,
          sessionId,
        );
        if (answer.exceptionDetails !== undefined) throw new Error(JSON.stringify(answer.exceptionDetails));
        return answer.result.value;
      },
      close: () => end(browser, profile),
    };
  } catch (error) {
    await end(browser, profile);
    throw error;
  }
}

async function end(browser: ChildProcess, profile: string): Promise<void> {
  if (browser.exitCode === null && browser.signalCode === null) {
    const ended = once(browser, "exit");
    browser.kill("SIGTERM");
    await ended;
  }
  // Its helper processes write a moment longer.
  await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** The port of the DevTools server, which the browser writes into its profile. */
async function readPort(profile: string, browser: ChildProcess): Promise<string> {
  const deadline = Date.now() + startMs;
  for (;;) {
    if (browser.exitCode !== null || Date.now() > deadline) throw new Error("Chromium did not start.");
    const [port, path] = (await readFile(join(profile, "DevToolsActivePort"), "utf8").catch(() => "")).split("\n");
    if (port !== undefined && path !== undefined) return `ws://127.0.0.1:${port}${path}`;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

type Call = <T>(method: string, params: Readonly<Record<string, unknown>>, sessionId?: string) => Promise<T>;
type Answer = { readonly id?: number; readonly result?: unknown; readonly error?: { readonly message: string } };

/** Connects to the Chrome DevTools Protocol without enabling any domain. */
async function connect(address: string): Promise<Call> {
  const socket = new WebSocket(address);
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.addEventListener("message", ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });
  await once(socket, "open");
  let last = 0;
  return <T>(method: string, params: Readonly<Record<string, unknown>>, sessionId?: string) =>
    new Promise<T>((resolve, reject) => {
      last += 1;
      waiting.set(last, ({ result, error }) => {
        if (error === undefined) resolve(result as T);
        else reject(new Error(`${method}: ${error.message}`));
      });
      socket.send(JSON.stringify({ id: last, method, params, sessionId }));
    });
}
