import { inspect } from "node:util";
import { toPanopticonError } from "../../domain/error.ts";
import { namePlaces } from "../../config/name-places.ts";
import type { MoveChoice } from "../../domain/operation.ts";
import type { Context } from "../context.ts";
import { describeLimit } from "./describe-limit.ts";
import { exitCodes } from "./exit-code.ts";
import type { Output } from "./output.ts";
import { Interrupted } from "../interrupted.ts";
import { plainLine, plainText } from "../../domain/plain-text.ts";
import { keepSecretsOf, withoutSecrets } from "../secret-guard.ts";

/** `  Resolve → Done; asks for Resolution (Fixed, Later)`. */
function printChoice({ name, stateName, fields, reversible }: MoveChoice, out: Output): void {
  const asked = fields.map((field) => {
    const options = field.options.map((option) => option.name).join(", ");
    return `${field.name}${options === "" ? "" : ` (${options})`}${field.required ? "" : ", optional"}`;
  });
  const asks = asked.length === 0 ? "" : `; requires ${asked.join(" and ")}`;
  out.note(`  ${plainLine(`${name} → ${stateName}${asks}${reversible ? "" : "; cannot be undone"}`)}`);
}

type Surroundings = Pick<Context, "out" | "env" | "clock" | "paths">;

/** Prints an error and its hint, and returns the exit code. The stack only with `DEBUG=*`. */
export function printError(thrown: unknown, { out, env, clock, paths }: Surroundings): number {
  const error = toPanopticonError(thrown);
  keepSecretsOf(env);
  out.note(out.styleNote("red", plainText(withoutSecrets(error.message))));
  const limit = describeLimit(error, clock.now());
  if (limit !== null) out.note(limit);
  if (error.hint !== undefined) out.note(plainText(namePlaces(withoutSecrets(error.hint), paths)));
  if (error.code === "conflict" || error.code === "choice_needed") {
    for (const candidate of error.candidates) out.note(`  ${plainLine(candidate)}`);
  }
  for (const choice of error.choices) printChoice(choice, out);
  if (error.request !== undefined) out.note(plainText(error.request));
  if ((env["DEBUG"] ?? "").split(/[\s,]+/).includes("*"))
    out.note(plainText(withoutSecrets(inspect(thrown, { depth: 6 }))));
  return error instanceof Interrupted ? 130 : exitCodes[error.code];
}
