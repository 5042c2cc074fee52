import { spawn } from "node:child_process";

/** The program that opens URLs on a desktop; null without one (a server, a container, SSH). */
export function browserCommand(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): readonly [command: string, ...args: string[]] | null {
  if (env["SSH_CONNECTION"] || env["CI"]) return null;
  if (platform === "darwin") return ["open"];
  // Not `start`: cmd would end the URL at an `&` and run the rest as a command.
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  return env["DISPLAY"] || env["WAYLAND_DISPLAY"] ? ["xdg-open"] : null;
}

/** Opens a URL in the user's browser; returns false without a desktop. A browser that fails to start is no error. */
export function openBrowser(url: string, env: Readonly<Record<string, string | undefined>>): boolean {
  const command = browserCommand(env);
  if (command === null) return false;
  const [program, ...args] = command;
  const child = spawn(program, [...args, url], { stdio: "ignore", detached: true, windowsHide: true });
  // The URL is printed too, so a missing program does no harm.
  child.once("error", () => undefined);
  child.unref();
  return true;
}
