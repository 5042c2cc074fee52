import { randomBytes } from "node:crypto";
import { chmodSync, readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { PanopticonError } from "../domain/error.ts";
import { writeFileAtomically } from "./atomic-file.ts";
import { isNotThere } from "../domain/file-error.ts";

/** What proves deliveries of one connection. Times are ISO 8601. */
const Entry = z.object({
  secret: z.string().min(1),
  createdAt: z.string(),
  /** Taken until then, for the time that it takes to enter a new one everywhere. */
  former: z.array(z.object({ secret: z.string().min(1), until: z.string() })).default([]),
});
const SecretsFile = z.object({ connections: z.record(z.string(), Entry).default({}) });
type SecretsFile = z.infer<typeof SecretsFile>;

const weekMs = 7 * 24 * 60 * 60_000;

/** Anything shorter can be guessed. */
export const shortestSecret = 16;

export type WebhookSecrets = {
  /** The present secret of a connection; null: none was made yet. */
  find(connection: string): string | null;
  /** Every secret that is taken for it. */
  accepted(connection: string): readonly string[];
  /** The present secret, made now where there is none. */
  ensure(connection: string): string;
  /** Makes another one, or takes the given one; the one before is taken for another week. Throws `invalid_input` for one that could be guessed. */
  replace(connection: string, secret?: string): string;
  /** Takes no delivery for it any more. */
  forget(connection: string): void;
};

/**
 * The secrets that webhooks are proved with, in a file of mode 0600 in the data directory. Another process may change it at any time: it is looked at with
 * every call. Throws `internal` for a file that cannot be read, `invalid_input` for one that was damaged.
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
    // What it holds stays out of the message.
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
