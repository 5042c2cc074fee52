/** A larger response is rejected while it is being read, because it would not fit into the server's memory. */
export const largestAnswerBytes = 64 * 1024 * 1024;

export class AnswerTooLargeError extends Error {
  override readonly name = "AnswerTooLargeError";
}

/** Reads a body to its end as UTF-8. Throws `AnswerTooLargeError` as soon as it exceeds `limitBytes`. */
export async function readText(
  body: AsyncIterable<Uint8Array>,
  limitBytes: number = largestAnswerBytes,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > limitBytes) throw new AnswerTooLargeError(`more than ${limitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
