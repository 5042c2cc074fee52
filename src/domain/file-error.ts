/** The system's error code for a file (`ENOENT`); null for other errors. */
export function fileErrorCode(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

/** Whether the error means that the file or folder does not exist. */
export function isNotThere(error: unknown): boolean {
  const code = fileErrorCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

/** Whether the error means that this user lacks permission. */
export function isNotAllowed(error: unknown): boolean {
  const code = fileErrorCode(error);
  return code === "EACCES" || code === "EPERM";
}

const sentences: Record<string, string> = {
  ENOENT: "it does not exist",
  ENOTDIR: "it does not exist",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder",
  ELOOP: "its symbolic links form a loop",
  EMFILE: "too many files are open",
};

/** Why a file could not be read, as the end of a sentence. */
export function readFailure(error: unknown): string {
  const code = fileErrorCode(error);
  if (code !== null) return sentences[code] ?? code;
  return error instanceof Error ? error.message : String(error);
}
