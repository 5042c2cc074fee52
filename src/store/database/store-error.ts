import { PanopticonError, isPanopticonError } from "../../domain/error.ts";

/** SQLite's primary result codes, https://www.sqlite.org/rescode.html */
const sqlite = { busy: 5, locked: 6, readonly: 8, io: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 };

/** Converts a database error into one with a plain sentence; `where` is the file, or the server without its password. */
export function toStoreError(error: unknown, where: string): PanopticonError {
  if (isPanopticonError(error)) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return sqliteError(error, where, detail) ?? postgresError(error, where, detail) ?? unknownError(error, detail);
}

function sqliteError(error: unknown, file: string, detail: string): PanopticonError | null {
  const code = numberOf(error, "errcode");
  if (code === undefined) return null;
  const problem = (message: string, hint: string, kind: "internal" | "busy" = "internal") =>
    new PanopticonError(kind, message, { hint, cause: error });
  switch (code & 0xff) {
    case sqlite.busy:
    case sqlite.locked:
      return problem(
        `Another program is using the mirror ${file}.`,
        "Close that program (perhaps a second Panopticon, or a database browser) and try again.",
        "busy",
      );
    case sqlite.full:
      return problem(
        `The disk that holds the mirror ${file} is full.`,
        "Free up space. No saved data is lost. A running server continues the sync by itself.",
      );
    case sqlite.readonly:
      return cannotBeWritten(file, error);
    case sqlite.cannotOpen:
      return problem(`The mirror ${file} cannot be opened.`, "Check that you own the file and its folder.");
    case sqlite.io:
      return problem(
        `Reading or writing the mirror ${file} failed: ${detail}.`,
        "Check the disk (space, quota, file system errors). No saved data is lost.",
      );
    case sqlite.corrupt:
    case sqlite.notADatabase:
      return problem(`The mirror ${file} is damaged: ${detail}.`, afterDamage(file));
    default:
      return null;
  }
}

/** The error for a file that is read-only, for this user or for all. */
export function cannotBeWritten(file: string, cause?: unknown): PanopticonError {
  return new PanopticonError("internal", `The mirror ${file} cannot be written.`, {
    hint: "Make the file and its folder writable for yourself.",
    cause,
  });
}

/** How to recover from a damaged mirror, and what that loses: issues exist in the trackers too, everything else only in a backup. */
export function afterDamage(file: string): string {
  return `If you have a backup, restore it with pan restore FILE --force. If not, stop the server, move the mirror (mv ${file} ${file}.damaged) and start again: issues are fetched again from the trackers, but changes that had not reached them, links across trackers, undo, history, saved views and the list of workspaces are not restored.`;
}

/** PostgreSQL's SQLSTATE classes, https://www.postgresql.org/docs/current/errcodes-appendix.html, and Node's socket errors. */
function postgresError(error: unknown, server: string, detail: string): PanopticonError | null {
  const code = textOf(error, "code");
  if (code === undefined) return null;
  const problem = (message: string, hint: string, kind: "internal" | "busy" = "internal") =>
    new PanopticonError(kind, message, { hint, cause: error });
  if (code === "53100") {
    return problem(`The disk of the database ${server} is full.`, "Free up space. No saved data is lost.");
  }
  if (code === "53300") {
    return problem(
      `The database ${server} has no free connection.`,
      "Raise max_connections, or close other programs.",
      "busy",
    );
  }
  if (code.startsWith("28") || code === "3D000" || code === "42501") {
    return problem(
      `The database ${server} refused Panopticon: ${detail}.`,
      "Check the user, password and database name in DATABASE_URL, and that the user may create tables.",
    );
  }
  if (code.startsWith("08") || code.startsWith("57P") || /^E[A-Z]+$/.test(code)) {
    return problem(
      `The database ${server} cannot be reached: ${detail || code}.`,
      "Check that PostgreSQL is running and that DATABASE_URL has the right host and port.",
    );
  }
  return null;
}

function unknownError(error: unknown, detail: string): PanopticonError {
  return new PanopticonError("internal", `The mirror failed: ${detail}`, {
    hint: "Run the command again with DEBUG=* and report it with the output.",
    cause: error,
  });
}

function numberOf(error: unknown, key: string): number | undefined {
  const value: unknown = typeof error === "object" && error !== null ? Reflect.get(error, key) : undefined;
  return typeof value === "number" ? value : undefined;
}

function textOf(error: unknown, key: string): string | undefined {
  const value: unknown = typeof error === "object" && error !== null ? Reflect.get(error, key) : undefined;
  return typeof value === "string" ? value : undefined;
}
