import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A model for real coding agents: it runs the command that the newest message asks for in a line `run: COMMAND`, and then says that it is done. */
export type ScriptedModel = {
  /** The base URL: Anthropic's Messages API below it, OpenAI's Responses API below `/v1`. */
  readonly url: string;
  /** What it says when nothing is left to run. */
  readonly lastWords: string;
  close(): Promise<void>;
};

type Block = { readonly type: string; readonly text?: string };
type Message = { readonly role?: string; readonly type?: string; readonly content?: string | readonly Block[] };
type Asked = {
  readonly stream?: boolean;
  readonly tools?: readonly { readonly name?: string }[];
  readonly messages?: readonly Message[];
  readonly input?: readonly Message[];
};
type Event = { readonly type: string; readonly [key: string]: unknown };

const lastWords = "All done. Anything else?";

/** Starts it on a free port of this machine. The formats: https://docs.claude.com/en/api/messages-streaming, https://platform.openai.com/docs/api-reference/responses-streaming. */
export async function startScriptedModel(): Promise<ScriptedModel> {
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    const id = String(count);
    readJson(request).then(
      (asked) => {
        if (request.url?.includes("/responses")) send(response, openAiEvents(asked, id));
        else if (request.url?.includes("/messages")) answerMessages(response, asked, id);
        else sendJson(response, {});
      },
      () => response.destroy(),
    );
  });
  // Codex tries a WebSocket first.
  server.on("upgrade", (_request, socket) => socket.end("HTTP/1.1 426 Upgrade Required\r\ncontent-length: 0\r\n\r\n"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lastWords,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The command that the newest message asks for; null if it asks for none, or ends with the result of one. */
function commandIn(messages: readonly Message[]): string | null {
  const text = JSON.stringify(
    messages.findLast(({ role, type }) => role === "user" || type?.endsWith("_output")) ?? "",
  );
  const result = Math.max(text.lastIndexOf('"tool_result"'), text.lastIndexOf('_output"'));
  if (text.lastIndexOf("run: ") < result) return null;
  return (
    text
      .split(/run: /)
      .at(-1)
      ?.match(/^(.+?)(?:\\n|")/)?.[1] ?? null
  );
}

function answerMessages(response: ServerResponse, { stream, tools = [], messages = [] }: Asked, id: string): void {
  const usage = { input_tokens: 10, output_tokens: 5 };
  const message = { id, type: "message", role: "assistant", model: "scripted", stop_sequence: null, usage };
  // Titles and the like are asked for beside the conversation.
  const isAside = tools.length === 0;
  const command = isAside ? null : commandIn(messages);
  const text = { type: "text", text: isAside ? "A title" : lastWords };
  if (stream !== true) {
    sendJson(response, { ...message, content: [text], stop_reason: "end_turn" });
    return;
  }
  const input = JSON.stringify({ command, description: "as asked" });
  send(response, [
    { type: "message_start", message: { ...message, content: [], stop_reason: null } },
    command === null
      ? { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }
      : {
          type: "content_block_start",
          index: 0,
          content_block: { type: "tool_use", id: `toolu_${id}`, name: "Bash", input: {} },
        },
    command === null
      ? { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: text.text } }
      : { type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: input } },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: command === null ? "end_turn" : "tool_use" }, usage },
    { type: "message_stop" },
  ]);
}

function openAiEvents({ input = [] }: Asked, id: string): readonly Event[] {
  const command = commandIn(input);
  const content = [{ type: "output_text", text: lastWords, annotations: [] }];
  const wish = { cmd: command, sandbox_permissions: "require_escalated", justification: "as asked" };
  const item =
    command === null
      ? { type: "message", id: `msg_${id}`, role: "assistant", status: "completed", content }
      : {
          type: "function_call",
          id: `fc_${id}`,
          call_id: `call_${id}`,
          name: "exec_command",
          arguments: JSON.stringify(wish),
          status: "completed",
        };
  const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };
  return [
    { type: "response.created", response: { id: `resp_${id}` } },
    { type: "response.output_item.done", output_index: 0, item },
    { type: "response.completed", response: { id: `resp_${id}`, usage } },
  ];
}

async function readJson(request: IncomingMessage): Promise<Asked> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part as Uint8Array));
  const text = Buffer.concat(parts).toString();
  return text === "" ? {} : (JSON.parse(text) as Asked);
}

function send(response: ServerResponse, events: readonly Event[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}
