import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** Compares two texts in a time that depends neither on where they differ nor on their lengths. */
export function isSameText(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** HMAC-SHA256 over the concatenated parts. */
export function sign(key: string | Uint8Array, ...parts: readonly (string | Uint8Array)[]): Buffer {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/** Whether `given` is this digest in hexadecimal, in any case. */
export function isHexOf(digest: Buffer, given: string): boolean {
  return isSameText(given.toLowerCase(), digest.toString("hex"));
}
