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

export const lastWords = "All done. Anything else?";

/** The command that the newest message asks for; null if it asks for none, or ends with the result of one. */
export function commandIn(messages: readonly Message[]): string | null {
  const text = JSON.stringify(
    messages.findLast(({ role, type }) => role === "user" || type?.endsWith("_output")) ?? "",
  );
  const results = ['"tool_result"', '_output"', '"functionResponse"'];
  if (text.lastIndexOf("run: ") < Math.max(...results.map((result) => text.lastIndexOf(result)))) return null;
  return (
    text
      .split(/run: /)
      .at(-1)
      ?.match(/^(.+?)(?:\\n|")/)?.[1] ?? null
  );
}
