import { readFileSync } from "node:fs";
import { isNotThere, readFailure } from "../domain/file-error.ts";
import type { Shape } from "./shape.ts";
import { isParsed, parseYaml, type YamlText } from "./yaml-text.ts";

/** A YAML file that was read: what could be used of it, and what is wrong with it (`text.problems`). */
export type YamlFile<T> = { readonly text: YamlText; readonly value: T };

/** Reads a file as `shape`; null when it is not there. `empty` stands for what cannot be read at all. Never throws. */
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

/** Reads a text as `shape`, as if it stood in the file. Never throws for what is in it. */
export function readYamlText<T>(path: string, content: string, shape: Shape<T>, empty: T): YamlFile<T> {
  const text = parseYaml(path, content);
  if (!isParsed(text)) return { text, value: empty };
  return { text, value: shape.read(text.document.contents, text, { key: "the file", offset: 0 }) ?? empty };
}

/** Whether there is anything in it that must be mended before it is used as a whole. */
export function hasErrors(file: YamlFile<unknown>): boolean {
  return file.text.problems.some(({ severity }) => severity === "error");
}

/** The same file, where nothing more is reported: its text is no longer what stands on disk. */
export function quietly<T>(file: YamlFile<T>): YamlFile<T> {
  return { ...file, text: { ...file.text, problems: [], report: () => {} } };
}
