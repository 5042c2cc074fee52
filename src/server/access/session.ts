import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { chmod, readFile, stat } from "node:fs/promises";
import { writeFileAtomically } from "../../config/atomic-file.ts";
import { isNotThere } from "../../domain/file-error.ts";
import type { Clock } from "../../domain/clock.ts";

const wellFormedToken = /^[A-Za-z0-9_-]{43}$/;

/**
 * Reads the session's token from its file (mode 0600); creates it on the first call and if it is damaged. The token outlives the server, so that a restart
 * signs nobody out. Removes other users' access to the file.
 */
export async function readOrCreateToken(path: string): Promise<string> {
  const stored = await readToken(path);
  if (stored !== undefined) return stored;
  const token = randomBytes(32).toString("base64url");
  writeFileAtomically(path, `${token}\n`, 0o600);
  return token;
}

async function readToken(path: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) await chmod(path, 0o600);
    const token = (await readFile(path, "utf8")).trim();
    return wellFormedToken.test(token) ? token : undefined;
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
}

/**
 * Compares a text with a secret in a time that does not depend on where they differ; the length is not secret. Called for every request: a digest would cost
 * more than everything else.
 */
export function secretCheck(expected: string): (given: string) => boolean {
  const wanted = Buffer.from(expected);
  return (given) => {
    const bytes = Buffer.from(given);
    return bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
  };
}

/** Who may access the server. */
export type Session = {
  /** The cookie's name. Cookies ignore ports, so two servers on one machine need different names. */
  cookieName(port: number): string;
  /** The start of the cookie: derived from the token, but not usable as a token. */
  readonly cookieValue: string;
  /** The `Set-Cookie` header that signs a browser in and gives it a name of its own. */
  setCookie(port: number): string;
  isToken(given: string): boolean;
  isCookie(given: string): boolean;
  /** Identifies a browser, for undo: a digest of its part of the cookie, not usable to sign in. */
  browserOf(cookie: string): string;
  /** Creates a code that signs in one browser, once, within two minutes: for command lines, which other users of the machine can read. */
  createCode(): string;
  takeCode(given: string): boolean;
};

const codeLifetimeMs = 120_000;
const cookieLifetimeSeconds = 400 * 86_400;

export function createSession(token: string, clock: Clock): Session {
  const cookieValue = createHmac("sha256", token).update("panopticon session cookie").digest("base64url");
  /** Digest of the code → when it expires. */
  const codes = new Map<string, number>();
  const digest = (code: string) => createHash("sha256").update(code).digest("hex");
  const isOwnCookie = secretCheck(cookieValue);
  const cookieName = (port: number) => `panopticon_${port}`;
  const split = (cookie: string): readonly [value: string, name: string] => {
    const [value = "", ...name] = cookie.split(".");
    return [value, name.join(".")];
  };

  return {
    cookieName,
    cookieValue,
    setCookie: (port) =>
      `${cookieName(port)}=${cookieValue}.${randomBytes(12).toString("base64url")}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${cookieLifetimeSeconds}`,
    isToken: secretCheck(token),
    isCookie: (given) => isOwnCookie(split(given)[0]),
    browserOf: (cookie) => digest(split(cookie)[1]).slice(0, 16),
    createCode() {
      const now = clock.now();
      for (const [key, endsAt] of codes) if (endsAt <= now) codes.delete(key);
      const code = randomBytes(24).toString("base64url");
      codes.set(digest(code), now + codeLifetimeMs);
      return code;
    },
    takeCode(given) {
      const key = digest(given);
      const endsAt = codes.get(key);
      return codes.delete(key) && endsAt !== undefined && endsAt > clock.now();
    },
  };
}
