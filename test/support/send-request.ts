import { type IncomingMessage, request } from "node:http";

export type SentAnswer = {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
  /** The parsed body. Throws if it is not JSON. */
  json(): unknown;
};

export type SentRequest = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** Sends a request exactly as given: `fetch` would not let tests set Host, Origin or Sec-Fetch-Site, and would normalise the path. */
export function sendRequest(port: number, path: string, options: SentRequest = {}): Promise<SentAnswer> {
  const { method = "GET", headers = {}, body } = options;
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: "127.0.0.1",
        port,
        path,
        method,
        agent: false,
        headers: { ...(text !== undefined && { "content-type": "application/json" }), ...headers },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () => {
          const received = Buffer.concat(chunks).toString("utf8");
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text: received,
            json: () => JSON.parse(received) as unknown,
          });
        });
      },
    );
    sent.on("error", reject);
    sent.end(text);
  });
}
