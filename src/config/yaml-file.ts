import { readFileSync } from "node:fs";
import { isNotThere, readFailure } from "../domain/file-error.ts";
import type { Shape } from "./shape.ts";
import { isParsed, parseYaml, type YamlText } from "./yaml-text.ts";

/** A YAML file as read: its usable value, and its problems (`text.problems`). */
export type YamlFile<T> = { readonly text: YamlText; readonly value: T };

/** Reads a file as `shape`; null if it does not exist. An unreadable file yields `empty`. Never throws. */
export function readYamlFile<T>(path: string, shape: Shape<T>, empty: T): YamlFile<T> | null {
  try {
    return readYamlText(path, readFileSync(path, "utf8"), shape, empty);
  } catch (error) {
    if (isNotThere(error)) return null;
    const text = parseYaml(path, "");
    text.report("error", 0, `the file could not be read: ${readFailure(error)}`);
    return { text, value: empty };
  }
}

/** Reads a text as `shape`, as if it were in the file. Never throws for its content. */
export function readYamlText<T>(path: string, content: string, shape: Shape<T>, empty: T): YamlFile<T> {
  const text = parseYaml(path, content);
  if (!isParsed(text)) return { text, value: empty };
  return { text, value: shape.read(text.document.contents, text, { key: "the file", offset: 0 }) ?? empty };
}

/** Whether it has errors that must be fixed before it is used as a whole. */
export function hasErrors(file: YamlFile<unknown>): boolean {
  return file.text.problems.some(({ severity }) => severity === "error");
}

/** The same file without any further reports, because its text is no longer the one on disk. */
export function quietly<T>(file: YamlFile<T>): YamlFile<T> {
  return { ...file, text: { ...file.text, problems: [], report: () => {} } };
}
