import { InvalidArgumentError } from "commander";

/** Parses an integer within a range; anything else is a usage error. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** For options and arguments that name something; an empty value comes from an unset variable. */
export function nonEmpty(value: string): string {
  if (value.trim() === "") throw new InvalidArgumentError("It must not be empty.");
  return value;
}

/** For repeatable options that name something; an empty value, from an unset variable, would silently be ignored. */
export function collectWords(value: string, before: readonly string[] | undefined): readonly string[] {
  if (value.replaceAll(",", "").trim() === "") throw new InvalidArgumentError("It must not be empty.");
  return collect(value, before);
}

/** For repeatable options. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
