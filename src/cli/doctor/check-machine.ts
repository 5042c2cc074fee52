import { createServer } from "node:net";
import type { Config } from "../../config/config.ts";
import type { Context } from "../context.ts";
import { findProxies } from "../proxy-variables.ts";
import { findServerFile } from "../server/running-server.ts";
import { findSilentServer, serverIsSilent } from "../server/silent-server.ts";
import { fetchHealth } from "../server/server-client.ts";
import { proxyOrigin } from "../use-proxies.ts";
import { finding, type Finding } from "./finding.ts";

/** Whether this Node version is supported. */
export function checkNode(): Finding[] {
  const { node } = process.versions;
  return Number(node.split(".")[0]) >= 24
    ? [finding("ok", "Node", `version ${node}`)]
    : [finding("error", "Node", `version ${node} is too old`, "Install Node 24 or newer: https://nodejs.org.")];
}

/** The proxies set in the environment, if any. */
export function checkProxies(env: Context["env"]): Finding[] {
  return findProxies(env).map(({ variable, written }) =>
    finding("note", variable, `requests to other machines go through ${proxyOrigin(written)}`),
  );
}

/** Whether the server is running, or its port is free. */
export async function checkPort({ paths }: Context, { server }: Config): Promise<Finding[]> {
  const area = `Port ${server.port}`;
  const running = findServerFile(paths.serverFile);
  if (running !== null && (await fetchHealth(running.url)) !== null) {
    return [finding("ok", "Server", `running at ${running.url} (process ${running.pid})`)];
  }
  const silent = await findSilentServer(paths);
  if (silent !== null) {
    const { message, hint = null } = serverIsSilent(silent);
    return [finding("error", "Server", message, hint)];
  }
  if (await isFree(server.host, server.port)) return [finding("ok", area, "free; the server is not running")];
  const other = await fetchHealth(`http://127.0.0.1:${server.port}`);
  const fix = `Stop it, or choose another port: pan up --port ${server.port + 1}, or server: { port: ${server.port + 1} } in config.yaml.`;
  return [
    other === null
      ? finding("warning", area, "in use by another program", fix)
      : finding("warning", area, `in use by another Panopticon (version ${other.version}) with its own data`, fix),
  ];
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
