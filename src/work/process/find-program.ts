import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** Finds a program by its absolute path, relative to a folder, or on a PATH; null if it is not found or not executable. */
export function findProgram(program: string, path: string, cwd: string): string | null {
  const places = isAbsolute(program)
    ? [program]
    : program.includes("/")
      ? [join(cwd, program)]
      : path.split(delimiter).map((folder) => join(folder, program));
  return places.find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch (error) {
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}
