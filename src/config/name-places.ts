import { homedir } from "node:os";
import { join } from "node:path";
import type { Paths } from "./config.ts";

/** Texts name the files where they are by default, `~/.panopticon.env` and `~/.panopticon/`; this names them where they are if `PANOPTICON_HOME` says so. */
export function namePlaces(text: string, { home, envFile }: Pick<Paths, "home" | "envFile">): string {
  return text
    .replaceAll("~/.panopticon.env", () => shorten(envFile))
    .replaceAll("~/.panopticon/", () => `${shorten(home)}/`);
}

function shorten(path: string): string {
  const user = homedir();
  for (const name of [".panopticon.env", ".panopticon"]) if (path === join(user, name)) return `~/${name}`;
  return path;
}
