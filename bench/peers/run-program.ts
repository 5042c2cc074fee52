import { execFile } from "node:child_process";

/** Runs a program to its end and returns its output. Throws with its error output if it fails. */
export function runProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: { PATH: process.env.PATH ?? "", ...env }, maxBuffer: 2 ** 24, timeout: 300_000 };
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${command} ${args.join(" ")}: ${stderr === "" ? error.message : stderr}`));
    });
  });
}

/** The same for a Node script. */
export function runNode(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  return runProgram(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], env);
}
