import * as prompts from "@clack/prompts";
import type { CredentialField } from "../../domain/credentials.ts";
import type { Paths } from "../../config/config.ts";
import { namePlaces } from "../../config/name-places.ts";
import { plainLine } from "../../domain/plain-text.ts";
import { wrapLines } from "../printing/wrap-lines.ts";
import { Cancelled, type Answers } from "./answers.ts";
import type { SourceChoice } from "./choice.ts";

/** Asks the questions at a terminal. */
export function terminalAnswers(paths: Paths): Answers {
  return {
    intro: () => prompts.intro("Panopticon: connect your trackers and choose what is on the board"),
    async during(words, work) {
      const spinner = prompts.spinner();
      // On Ctrl-C the spinner exits the process itself, with code 0.
      const interrupted = () => {
        process.exitCode = 130;
        process.stderr.write("Nothing was written.\n");
      };
      spinner.start(words);
      process.once("exit", interrupted);
      try {
        return await work;
      } finally {
        process.off("exit", interrupted);
        spinner.clear();
      }
    },
    say: (text) => prompts.log.message(wrapped(text)),
    async connectMore(open) {
      if (open.length === 0) return [];
      const chosen = await ask(
        prompts.multiselect({
          message: "Connect others with a token? (space selects, enter continues)",
          options: open.map(({ tracker, result }) => ({
            value: tracker.id,
            label: tracker.label,
            hint: result === null ? "not connected" : "did not work",
          })),
          required: false,
        }),
      );
      return open.filter(({ tracker }) => chosen.includes(tracker.id)).map(({ tracker }) => tracker);
    },
    async credentials(tracker, { connection }) {
      const values: Record<string, string> = {};
      for (const field of tracker.credentialFields) {
        if (connection.origins[field.name]?.kind === "environment") continue;
        prompts.log.info(wrapped(field.help.replaceAll("`", "")));
        const value = await askField(`${tracker.label}: ${field.label}`, field, connection.values[field.name]);
        if (value !== "" && value !== connection.values[field.name]) values[field.name] = value;
      }
      return values;
    },
    tryAgain: (tracker) => ask(prompts.confirm({ message: `Enter ${tracker.label}'s credentials again?` })),
    async sources(choices, suggested) {
      const idOf = ({ connection, key }: SourceChoice) => `${connection.tracker.id} ${key}`;
      const chosen = await ask(
        prompts.autocompleteMultiselect({
          message: "What should be on the board? Type to search, tab selects, enter continues.",
          options: choices.map((choice) => ({
            value: idOf(choice),
            label: describeChoice(choice),
          })),
          initialValues: suggested.map(idOf),
          maxItems: 12,
          required: true,
        }),
      );
      return choices.filter((choice) => chosen.includes(idOf(choice)));
    },
    name: (suggested) =>
      ask(prompts.text({ message: "What is this project called?", initialValue: suggested, validate: notEmpty })),
    useCheckout: (path) =>
      ask(
        prompts.confirm({
          message: `Should agents work next to the checkout in ${plainLine(path)}?`,
          initialValue: true,
        }),
      ),
    keepVariables: (keys) =>
      ask(
        prompts.confirm({
          message: namePlaces(
            `Keep ${keys.join(", ")} in ~/.panopticon.env too, for servers started elsewhere?`,
            paths,
          ),
          initialValue: true,
        }),
      ),
    start: () => ask(prompts.confirm({ message: "Start the server and open the board?", initialValue: true })),
  };
}

/** `GitHub  acme/app`, `Rally  Dispatch Desk  12345/67890`. */
function describeChoice({ connection, key, name }: SourceChoice): string {
  const words = name === key ? [key] : /\p{L}/u.test(key) ? [key, name] : [name, key];
  return plainLine([connection.tracker.label, ...words].join("  "));
}

/** Wraps text to fit next to the prompt's guide. */
function wrapped(text: string): string {
  return wrapLines(text, Math.max(30, (process.stdout.columns || 80) - 4));
}

async function ask<T>(answer: Promise<T>): Promise<Exclude<T, symbol>> {
  const given = await answer;
  if (typeof given === "symbol") throw new Cancelled();
  return given as Exclude<T, symbol>;
}

async function askField(message: string, field: CredentialField, before: string | undefined): Promise<string> {
  const { secret, required, placeholder, defaultValue } = field;
  const needed = required && before === undefined;
  const validate = (value: string | undefined) => (needed ? notEmpty(value) : undefined);
  if (secret) {
    return (
      (await ask(
        prompts.password({ message: before === undefined ? message : `${message} (empty: as it is)`, validate }),
      )) ?? ""
    );
  }
  const shown = needed ? placeholder : `${placeholder ?? ""} (optional)`.trim();
  const given = await ask(
    prompts.text({
      message,
      validate,
      ...(shown !== undefined && { placeholder: shown }),
      ...(before !== undefined && before !== defaultValue && { initialValue: before }),
    }),
  );
  return (given ?? "").trim();
}

function notEmpty(value: string | undefined): string | undefined {
  return (value ?? "").trim() === "" ? "This is needed." : undefined;
}
