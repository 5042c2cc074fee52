import { type Asked, wishIn, lastWords } from "./scripted-answer.ts";

/** The answer in Anthropic's format, streamed and whole: https://docs.claude.com/en/api/messages-streaming. */
export function answerMessages({ tools = [], messages = [] }: Asked, id: string) {
  const usage = { input_tokens: 10, output_tokens: 5 };
  const message = { id, type: "message", role: "assistant", model: "scripted", stop_sequence: null, usage };
  // Titles and the like are asked for beside the conversation.
  const isAside = tools.length === 0;
  const wish = isAside ? null : wishIn(messages);
  const text = isAside ? "A title" : lastWords;
  const shell = tools.find(({ name }) => name?.toLowerCase() === "bash")?.name ?? "Bash";
  const [block, delta, reason] =
    wish === null
      ? [{ type: "text", text: "" }, { type: "text_delta", text }, "end_turn"]
      : [
          { type: "tool_use", id: `toolu_${id}`, name: wish.tool ?? shell, input: {} },
          { type: "input_json_delta", partial_json: JSON.stringify(wish.args) },
          "tool_use",
        ];
  return {
    whole: { ...message, content: [{ type: "text", text }], stop_reason: "end_turn" },
    events: [
      { type: "message_start", message: { ...message, content: [], stop_reason: null } },
      { type: "content_block_start", index: 0, content_block: block },
      { type: "content_block_delta", index: 0, delta },
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: reason }, usage },
      { type: "message_stop" },
    ],
  };
}
