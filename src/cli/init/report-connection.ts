import { describeMissing } from "../../domain/missing-keys.ts";
import { count } from "../printing/describe-time.ts";
import type { Output } from "../printing/output.ts";
import { plainLine } from "../../domain/plain-text.ts";
import { describeSecret, type TestedConnection } from "./tested-connection.ts";

/** One line on a tracker's state, with what the credentials lack, and the fix if something is wrong. */
export function reportConnection(out: Pick<Output, "style">, tested: TestedConnection): string {
  const { tracker, result, connection } = tested;
  const label = tracker.label.padEnd(7);
  if (result === null) {
    const lacks = describeMissing(connection.missing).sentence.replace(/\.$/, "");
    return `${out.style("dim", "○")} ${label} ${out.style("dim", `not connected: ${lacks}`)}`;
  }
  if (!result.valid) {
    return [
      `${out.style("red", "✗")} ${label} ${plainLine(result.error)}`,
      `  ${" ".repeat(7)} ${out.style("dim", plainLine(result.hint))}`,
    ].join("\n");
  }
  const { one, many } = tracker.sourceNoun;
  const sees = count(result.sources.length, one, many);
  const from = describeSecret(tested);
  const more = [sees, ...(from === "" ? [] : [`from ${from}`])].join(", ");
  const { login, missing } = result.account;
  return [
    `${out.style("green", "✓")} ${label} ${plainLine(login)}${out.style("dim", `, ${more}`)}`,
    ...missing.map((sentence) => `  ${" ".repeat(7)} ${out.style("yellow", plainLine(sentence))}`),
  ].join("\n");
}
