import { PanopticonError } from "../../domain/error.ts";
import type { Output } from "../printing/output.ts";
import { nameASource } from "../options/source-flags.ts";
import { Cancelled, type Answers } from "./answers.ts";

/** The most sources to take without asking; more could fill the disk unexpectedly. */
const maxTaken = 50;

/** Answers without questions: the checkout's own repository, otherwise everything the credentials can see. */
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
