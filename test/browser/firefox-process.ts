// `node firefox-process.ts PROFILE` runs a stock Firefox for playwright-core, which drives it over WebDriver BiDi. What passes between them goes through this
// process, because playwright-core sets up every page with commands that only newer versions know, and gives up at the first that is refused.
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { WebSocket, WebSocketServer } from "ws";
import { firefoxPath } from "./firefox-path.ts";

type Message = { readonly id?: number; readonly method?: string; readonly error?: string };

const [profile = ""] = process.argv.slice(2);
const firefox = spawn(firefoxPath, ["--remote-debugging-port=0", "--headless", "--no-remote", "--profile", profile], {
  stdio: ["ignore", "ignore", "pipe"],
});
firefox.once("exit", (code) => process.exit(code ?? 1));
const end = () => firefox.kill("SIGKILL");
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);

const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
await once(server, "listening");
for await (const line of createInterface({ input: firefox.stderr })) {
  const address = /^WebDriver BiDi listening on (ws:\S+)$/.exec(line)?.[1];
  if (address === undefined) continue;
  server.once("connection", (driver) => relay(driver, `${address}/session`));
  // playwright-core looks for this line.
  console.error(`WebDriver BiDi listening on ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

/** Passes messages between playwright-core and Firefox, until one of them is gone. */
function relay(driver: WebSocket, address: string): void {
  const browser = new WebSocket(address);
  /** Commands of the emulation module that Firefox has not answered. */
  const emulating = new Set<number>();
  driver.on("message", (data: Buffer) => {
    const text = data.toString();
    const { id, method } = JSON.parse(text) as Message;
    if (id !== undefined && method?.startsWith("emulation.") === true) emulating.add(id);
    if (browser.readyState === WebSocket.OPEN) browser.send(text);
    else browser.once("open", () => browser.send(text));
  });
  browser.on("message", (data: Buffer) => {
    const text = data.toString();
    const { id, error } = JSON.parse(text) as Message;
    const isUnknown = id !== undefined && emulating.delete(id) && error === "unknown command";
    driver.send(isUnknown ? JSON.stringify({ type: "success", id, result: {} }) : text);
  });
  browser.on("close", () => driver.close());
  // Also when the test's process is killed.
  driver.on("close", end);
}
