type Message = { readonly role?: string; readonly type?: string };

/** What is read of a request to a model, in any of the formats. */
export type Asked = {
  readonly stream?: boolean;
  readonly tools?: readonly { readonly name?: string }[];
  /** Anthropic's conversation, OpenAI's, and Gemini's. */
  readonly messages?: readonly Message[];
  readonly input?: readonly Message[];
  readonly contents?: readonly Message[];
};

/** A call of a tool; `tool` null is the one for shell commands. */
export type Wish = { readonly tool: string | null; readonly args: Readonly<Record<string, unknown>> };

export const lastWords = "All done. Anything else?";

const result = "\u0000";

/** What the newest message asks for in a line `run: COMMAND` or `call: TOOL JSON`; null if it asks for nothing, or ends with a result. */
export function wishIn(messages: readonly Message[]): Wish | null {
  const newest = messages.findLast(({ role, type }) => role === "user" || type?.endsWith("_output"));
  const unanswered = textOf(newest).split(result).at(-1) ?? "";
  const [, kind, words = ""] = [...unanswered.matchAll(/^(run|call): (.+)$/gmu)].at(-1) ?? [];
  if (kind === undefined) return null;
  if (kind === "run") return { tool: null, args: { command: words, description: "as asked" } };
  const [tool = ""] = words.split(" ", 1);
  return { tool, args: JSON.parse(words.slice(tool.length)) as Wish["args"] };
}

/** All texts below a message, with a mark for each result of a tool. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return "";
  const { type = "" } = value as Message;
  if (type === "tool_result" || type.endsWith("_output") || "functionResponse" in value) return result;
  return Object.values(value).map(textOf).join("\n");
}
