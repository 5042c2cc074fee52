import { spawn } from "node:child_process";

/** The program that opens addresses where there is a desktop; null where there is none (a server, a container, SSH). */
export function browserCommand(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): readonly [command: string, ...args: string[]] | null {
  if (env["SSH_CONNECTION"] || env["CI"]) return null;
  if (platform === "darwin") return ["open"];
  // Not `start`: cmd would read an `&` in the address as the end of it, and what follows as a command.
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  return env["DISPLAY"] || env["WAYLAND_DISPLAY"] ? ["xdg-open"] : null;
}

/** Opens an address in the user's browser; false where there is no desktop. A browser that does not start is no failure. */
export function openBrowser(url: string, env: Readonly<Record<string, string | undefined>>): boolean {
  const command = browserCommand(env);
  if (command === null) return false;
  const [program, ...args] = command;
  const child = spawn(program, [...args, url], { stdio: "ignore", detached: true, windowsHide: true });
  // The address is printed as well, so that a missing program costs a click.
  child.once("error", () => undefined);
  child.unref();
  return true;
}
