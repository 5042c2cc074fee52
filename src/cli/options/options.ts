import { InvalidArgumentError } from "commander";

/** Reads a whole number in a range; anything else is wrong usage. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** For options and arguments that name something: an empty value is that of a variable that is not set. */
export function nonEmpty(value: string): string {
  if (value.trim() === "") throw new InvalidArgumentError("It must not be empty.");
  return value;
}

/** For options that may be repeated and name something: an empty value, of a variable that is not set, would silently mean nothing. */
export function collectWords(value: string, before: readonly string[] | undefined): readonly string[] {
  if (value.replaceAll(",", "").trim() === "") throw new InvalidArgumentError("It must not be empty.");
  return collect(value, before);
}

/** For options that may be repeated. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
