import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerMessages } from "./answer-messages.ts";
import { answerResponses } from "./answer-responses.ts";
import { answerContents } from "./answer-contents.ts";
import { type Asked, lastWords } from "./scripted-answer.ts";

/**
 * A model for real coding agents: it runs the command that the newest message asks for in a line `run: COMMAND`, or calls the tool of a line `call: TOOL JSON`, and then says that it is
 * done.
 */
export type ScriptedModel = {
  /** The base URL: Anthropic's Messages API and Gemini's API below it, OpenAI's Responses API below `/v1`. */
  readonly url: string;
  /** What it says when nothing is left to run. */
  readonly lastWords: string;
  close(): Promise<void>;
};

/** Starts it on this port of this machine; 0 is a free one. */
export async function startScriptedModel(port = 0): Promise<ScriptedModel> {
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    const id = String(count);
    readJson(request).then(
      (asked) => answer(request.url ?? "", response, asked, id),
      () => response.destroy(),
    );
  });
  // Codex tries a WebSocket first.
  server.on("upgrade", (_request, socket) => socket.end("HTTP/1.1 426 Upgrade Required\r\ncontent-length: 0\r\n\r\n"));
  server.listen(port, "127.0.0.1");
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

function answer(url: string, response: ServerResponse, asked: Asked, id: string): void {
  if (url.includes("/responses")) sendEvents(response, answerResponses(asked, id));
  else if (url.includes("/messages")) {
    const { events, whole } = answerMessages(asked, id);
    if (asked.stream === true) sendEvents(response, events);
    else sendJson(response, whole);
  } else if (/:(?:stream)?generateContent/i.test(url)) {
    const whole = answerContents(asked);
    if (url.includes(":stream")) sendEvents(response, [whole]);
    else sendJson(response, whole);
  } else sendJson(response, {});
}

async function readJson(request: IncomingMessage): Promise<Asked> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part as Uint8Array));
  const text = Buffer.concat(parts).toString();
  return text === "" ? {} : (JSON.parse(text) as Asked);
}

function sendEvents(response: ServerResponse, events: readonly object[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const name = (event: object) => ("type" in event ? `event: ${String(event.type)}\n` : "");
  response.end(events.map((event) => `${name(event)}data: ${JSON.stringify(event)}\n\n`).join(""));
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}
