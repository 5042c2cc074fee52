import { type ErrorCode, PanopticonError } from "../../../domain/error.ts";

/** An error that GraphQL reports with status 200. */
export function toError(words: string, code: ErrorCode): PanopticonError {
  return new PanopticonError(code, `GitLab says: ${words.replace(/[.\s]*$/, ".")}`, {
    tracker: "gitlab",
    hint: hints[code],
  });
}

export function codeOf(words: string): ErrorCode {
  if (/not defined on|doesn't exist on type|No such type/.test(words)) return "unsupported";
  return /permission to perform this action/.test(words) ? "forbidden" : "invalid_input";
}

const hints: Readonly<Partial<Record<ErrorCode, string>>> = {
  forbidden: "The token needs the scope `api`, and its user needs the Planner role or higher in the project.",
  unsupported: "This GitLab version or plan does not support it.",
  invalid_response: "Panopticon will retry; if it persists, report this with the output of DEBUG=gitlab.",
};
