import { execFileSync } from "node:child_process";
import type { Emulator } from "../../emulators/emulator.ts";
import { sourceOf } from "./stage.ts";

/** Makes an emulator's first source host a checkout's code: the remote's URL is the emulator's, commits go to the bare repository. */
export function putOnHost(emulator: Emulator, code: { readonly origin: string; readonly checkout: string }): void {
  emulator.world.keepCode?.(sourceOf(emulator), code.origin);
  const address = `${emulator.url}/${sourceOf(emulator)}.git`;
  const git = (...args: string[]) => execFileSync("git", args, { cwd: code.checkout, stdio: "pipe" });
  git("remote", "set-url", "origin", address);
  git("config", `url.${code.origin}.insteadOf`, address);
}
