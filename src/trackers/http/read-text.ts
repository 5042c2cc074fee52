/** An answer larger than this is refused while it is read: it would not fit the memory the server may use. */
export const largestAnswerBytes = 64 * 1024 * 1024;

export class AnswerTooLargeError extends Error {
  override readonly name = "AnswerTooLargeError";
}

/** Reads a body to its end as UTF-8. Throws `AnswerTooLargeError` as soon as it passes `limitBytes`. */
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
