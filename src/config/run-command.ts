import { execFile } from "node:child_process";
import { fileErrorCode } from "../domain/file-error.ts";
import type { Environment } from "./paths.ts";

/** Runs a program without a shell and returns its output; null if it is missing, fails, or takes too long. */
export type RunCommand = (
  command: string,
  args: readonly string[],
  options?: { readonly cwd?: string },
) => Promise<string | null>;

/** The real implementation. `timeoutMs` ends a program that hangs (a keyring that waits for a password). */
export function createRunCommand(env: Environment, timeoutMs = 3000): RunCommand {
  return (command, args, options) =>
    new Promise((resolve) => {
      const settings = { env: { ...env }, timeout: timeoutMs, windowsHide: true, maxBuffer: 1024 * 1024 };
      try {
        const child = execFile(command, [...args], { ...settings, ...options }, (error, stdout) =>
          resolve(error ? null : stdout),
        );
        // A program that prompts gets no input, and exits.
        child.stdin?.end();
      } catch (error) {
        // Node throws if the folder's name is longer than the system allows.
        if (fileErrorCode(error) === null) throw error;
        resolve(null);
      }
    });
}
