import { randomBytes } from "node:crypto";
import { chmodSync, readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { PanopticonError } from "../domain/error.ts";
import { writeFileAtomically } from "./atomic-file.ts";
import { isNotThere } from "../domain/file-error.ts";

/** The secrets that prove deliveries of one connection. Times are ISO 8601. */
const Entry = z.object({
  secret: z.string().min(1),
  createdAt: z.string(),
  /** Accepted until then, to leave time for entering a new one everywhere. */
  former: z.array(z.object({ secret: z.string().min(1), until: z.string() })).default([]),
});
const SecretsFile = z.object({ connections: z.record(z.string(), Entry).default({}) });
type SecretsFile = z.infer<typeof SecretsFile>;

const weekMs = 7 * 24 * 60 * 60_000;

/** A shorter one can be guessed. */
export const shortestSecret = 16;

export type WebhookSecrets = {
  /** A connection's current secret; null if none was created yet. */
  find(connection: string): string | null;
  /** All accepted secrets of a connection. */
  accepted(connection: string): readonly string[];
  /** The current secret, created if there is none. */
  ensure(connection: string): string;
  /** Creates another secret, or sets the given one; the previous one is accepted for another week. Throws `invalid_input` for a guessable one. */
  replace(connection: string, secret?: string): string;
  /** Stops accepting deliveries for it. */
  forget(connection: string): void;
};

/**
 * The secrets that prove webhooks, in a file with mode 0600 in the data directory. Checks the file on every call, because another process may change it at any
 * time. Throws `internal` for an unreadable file, `invalid_input` for a damaged one.
 */
export function createWebhookSecrets(path: string, now: () => number): WebhookSecrets {
  let known: { readonly stamp: string; readonly file: SecretsFile } | null = null;

  function load(): SecretsFile {
    let stamp: string;
    try {
      const { mtimeMs, ino, size, mode } = statSync(path);
      if ((mode & 0o077) !== 0) chmodSync(path, 0o600);
      stamp = `${mtimeMs} ${ino} ${size}`;
    } catch (error) {
      if (isNotThere(error)) return { connections: {} };
      throw unreadable(path, error);
    }
    if (known?.stamp === stamp) return known.file;
    const file = parse(path);
    known = { stamp, file };
    return file;
  }

  function save(connection: string, entry: SecretsFile["connections"][string] | null): void {
    const { [connection]: _before, ...others } = load().connections;
    const connections = entry === null ? others : { ...others, [connection]: entry };
    writeFileAtomically(path, `${JSON.stringify({ connections }, null, 2)}\n`, 0o600);
    known = null;
  }

  const stillTaken = (connection: string) =>
    (load().connections[connection]?.former ?? []).filter(({ until }) => Date.parse(until) > now());

  function replace(connection: string, given?: string): string {
    if (given !== undefined && given.length < shortestSecret) {
      throw new PanopticonError(
        "invalid_input",
        `A secret with fewer than ${shortestSecret} characters can be guessed.`,
        {
          hint: "Let the tracker or Panopticon generate one.",
        },
      );
    }
    const before = load().connections[connection];
    if (given !== undefined && before?.secret === given) return given;
    const secret = given ?? randomBytes(32).toString("base64url");
    const until = new Date(now() + weekMs).toISOString();
    const former = [...(before === undefined ? [] : [{ secret: before.secret, until }]), ...stillTaken(connection)];
    save(connection, { secret, createdAt: new Date(now()).toISOString(), former });
    return secret;
  }

  return {
    find: (connection) => load().connections[connection]?.secret ?? null,
    accepted(connection) {
      const secret = load().connections[connection]?.secret;
      return secret === undefined ? [] : [secret, ...stillTaken(connection).map((one) => one.secret)];
    },
    ensure: (connection) => load().connections[connection]?.secret ?? replace(connection),
    replace,
    forget: (connection) => save(connection, null),
  };
}

function parse(path: string): SecretsFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    return SecretsFile.parse(JSON.parse(text));
  } catch (error) {
    // Its content must not appear in the message.
    if (!(error instanceof SyntaxError) && !(error instanceof z.ZodError)) throw error;
    throw new PanopticonError("invalid_input", `${path} is damaged, so webhook deliveries cannot be verified.`, {
      hint: "Delete it; pan webhooks then creates new secrets, which you must enter in the trackers again.",
    });
  }
}

function unreadable(path: string, cause: unknown): PanopticonError {
  return new PanopticonError("internal", `${path} could not be read.`, {
    hint: "Check its owner and mode; it must belong to you.",
    cause,
  });
}
