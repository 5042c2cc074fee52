import { execFile } from "node:child_process";
import { fileErrorCode } from "../domain/file-error.ts";
import type { Environment } from "./paths.ts";

/** Runs a program without a shell and gives its output; null when it is not there, fails, or takes too long. */
export type RunCommand = (
  command: string,
  args: readonly string[],
  options?: { readonly cwd?: string },
) => Promise<string | null>;

/** The real one. `timeoutMs` ends a program that hangs (a keyring that waits for a password). */
export function createRunCommand(env: Environment, timeoutMs = 3000): RunCommand {
  return (command, args, options) =>
    new Promise((resolve) => {
      const settings = { env: { ...env }, timeout: timeoutMs, windowsHide: true, maxBuffer: 1024 * 1024 };
      try {
        const child = execFile(command, [...args], { ...settings, ...options }, (error, stdout) =>
          resolve(error ? null : stdout),
        );
        // A program that asks a question gets no answer, and ends.
        child.stdin?.end();
      } catch (error) {
        // Where the folder's name is longer than the system allows, Node throws.
        if (fileErrorCode(error) === null) throw error;
        resolve(null);
      }
    });
}
