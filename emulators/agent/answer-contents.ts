import { type Asked, wishIn, lastWords } from "./scripted-answer.ts";

/** The answer in Gemini's format, one piece of a stream or the whole: https://ai.google.dev/api/generate-content. */
export function answerContents({ tools = [], contents = [] }: Asked) {
  // Questions beside the conversation (which model to take, what to call it) have no tools.
  const wish = tools.length === 0 ? null : wishIn(contents);
  const part =
    wish === null ? { text: lastWords } : { functionCall: { name: wish.tool ?? "run_shell_command", args: wish.args } };
  return {
    candidates: [{ index: 0, content: { role: "model", parts: [part] }, finishReason: "STOP" }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
    modelVersion: "scripted",
  };
}
