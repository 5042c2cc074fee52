import { PanopticonError } from "../../domain/error.ts";
import type { Output } from "../printing/output.ts";
import { nameASource } from "../options/source-flags.ts";
import { Cancelled, type Answers } from "./answers.ts";

/** So many are taken without a question; more would fill a disk that nobody asked about. */
const maxTaken = 50;

/** No questions: the checkout's own repository, else all that the credentials see. */
export function flagAnswers(out: Output, options: { readonly keep: boolean; readonly start: boolean }): Answers {
  return {
    intro: () => undefined,
    during: (_words, work) => work,
    say: (text) => out.line(text),
    connectMore: async () => [],
    credentials: async () => {
      throw new Cancelled();
    },
    tryAgain: async () => false,
    sources: async (choices, suggested) => {
      if (suggested.length > 0) return suggested;
      if (choices.length <= maxTaken) return choices;
      throw new PanopticonError(
        "invalid_input",
        `The credentials can see ${choices.length} repositories, teams and projects: too many to take all of them.`,
        { hint: nameASource("pan init --yes") },
      );
    },
    name: async (suggested) => suggested,
    useCheckout: async () => true,
    keepVariables: async () => options.keep,
    start: async () => options.start,
  };
}
