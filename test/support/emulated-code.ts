import { execFileSync } from "node:child_process";
import type { Emulator } from "../../emulators/emulator.ts";
import { sourceOf } from "./stage.ts";

/** Makes a checkout's remote the repository of an emulator's first source: its address is the emulator's, its commits go into the bare repository. */
export function putOnHost(emulator: Emulator, code: { readonly origin: string; readonly checkout: string }): void {
  emulator.world.keepCode?.(sourceOf(emulator), code.origin);
  const address = `${emulator.url}/${sourceOf(emulator)}.git`;
  const git = (...args: string[]) => execFileSync("git", args, { cwd: code.checkout, stdio: "pipe" });
  git("remote", "set-url", "origin", address);
  git("config", `url.${code.origin}.insteadOf`, address);
}
