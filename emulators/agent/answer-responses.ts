import { type Asked, wishIn, lastWords } from "./scripted-answer.ts";

/** Codex runs a command outside its sandbox only if it is allowed to. */
const escalated = { sandbox_permissions: "require_escalated", justification: "as asked" };

/** The answer in OpenAI's format: https://platform.openai.com/docs/api-reference/responses-streaming. */
export function answerResponses({ input = [] }: Asked, id: string) {
  const wish = wishIn(input);
  const content = [{ type: "output_text", text: lastWords, annotations: [] }];
  const item =
    wish === null
      ? { type: "message", id: `msg_${id}`, role: "assistant", status: "completed", content }
      : {
          type: "function_call",
          id: `fc_${id}`,
          call_id: `call_${id}`,
          name: wish.tool ?? "exec_command",
          arguments: JSON.stringify(wish.tool === null ? { cmd: wish.args["command"], ...escalated } : wish.args),
          status: "completed",
        };
  const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };
  return [
    { type: "response.created", response: { id: `resp_${id}` } },
    { type: "response.output_item.done", output_index: 0, item },
    { type: "response.completed", response: { id: `resp_${id}`, usage } },
  ];
}
