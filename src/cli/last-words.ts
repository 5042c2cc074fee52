import { writeSync } from "node:fs";
import { inspect } from "node:util";
import { isPanopticonError } from "../domain/error.ts";
import { plainText } from "./printing/plain-text.ts";
import { keepSecretsOf, withoutSecrets } from "./secret-guard.ts";

/**
 * What is said of an error that nobody caught: a sentence, and what to do. Where it happened only with `DEBUG=*`, and never a secret: an error may hold one in
 * its message, its properties or its cause.
 */
function describeCrash(thrown: unknown, debug = ""): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const lines = isPanopticonError(thrown)
    ? [message, ...(thrown.hint === undefined ? [] : [thrown.hint])]
    : [
        `Something went wrong inside Panopticon: ${message}`,
        "No saved data is lost. Restart with DEBUG=* to see where it happened, and report it with the output.",
      ];
  if (debug.split(/[\s,]+/).includes("*")) lines.push(inspect(thrown, { depth: 6 }));
  return `${plainText(withoutSecrets(lines.join("\n")))}\n`;
}

/** The last words of this process, instead of Node's, which would print the error as it is. Ends it with code 1. */
export function speakLastWords(thrown: unknown): never {
  keepSecretsOf(process.env);
  // At once, whatever standard error is: nothing runs after this.
  writeSync(2, describeCrash(thrown, process.env["DEBUG"]));
  process.exit(1);
}

/** Prints what is only a warning (work that failed beside a request) as Node would, but without a secret. */
export function maskWarnings(): void {
  process.removeAllListeners("warning");
  process.on("warning", ({ name, message }) => {
    process.stderr.write(`${plainText(withoutSecrets(`${name}: ${message}`))}\n`);
  });
}
