import { writeSync } from "node:fs";
import { inspect } from "node:util";
import { isPanopticonError } from "../domain/error.ts";
import { plainText } from "../domain/plain-text.ts";
import { keepSecretsOf, withoutSecrets } from "./secret-guard.ts";

/** Describes an uncaught error: a sentence, and what to do. The stack only with `DEBUG=*`, and never a secret: an error's message, properties or cause may contain one. */
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

/** Reports an uncaught error in place of Node, which would print it unmasked. Exits with code 1. */
export function speakLastWords(thrown: unknown): never {
  keepSecretsOf(process.env);
  // Written synchronously, because nothing runs after this.
  writeSync(2, describeCrash(thrown, process.env["DEBUG"]));
  process.exit(1);
}

/** Prints warnings (such as background failures) as Node does, with secrets masked. */
export function maskWarnings(): void {
  process.removeAllListeners("warning");
  process.on("warning", ({ name, message }) => {
    process.stderr.write(`${plainText(withoutSecrets(`${name}: ${message}`))}\n`);
  });
}
