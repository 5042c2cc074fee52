import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromiumOptions } from "../test/browser/open-browser.ts";

const startMs = 30_000;
/** A browser is idle when all its processes together used less than this of the processor, so often in a row. */
const idleSeconds = 0.02;
const lookMs = 250;
const idleLooks = 3;

export type BareBrowser = {
  /** Resolves once the browser has nothing more to do of its own, or after half a minute. */
  untilIdle(): Promise<void>;
  /** Goes to an address in the browser's one tab, and leaves the page alone. */
  navigate(url: string): Promise<void>;
  /** Runs a function, which sees nothing but its page, and gives what it resolves to. */
  evaluate<T>(run: () => T | Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/**
 * A real Chromium with a new profile whose pages nobody watches. A program that drives a browser has it note where every error and request comes from, for which V8
 * parses the scripts a second time: at the start of a page that is a good part of all it does, and nothing that a user waits for.
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
      // The frame of a window that nobody sees has a height, too: this leaves 1440 × 900.
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
  // Its helpers write a moment longer.
  await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** The address that the browser listens on, which it writes into its profile. */
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

/** The Chrome DevTools Protocol, without any of its domains enabled. */
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
