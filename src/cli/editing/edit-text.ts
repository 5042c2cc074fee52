import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import { isNotThere } from "../../domain/file-error.ts";
import type { Context } from "../context.ts";
import { decodeText } from "./read-text.ts";

/** A text to edit, in a file of this name; `otherwise` says how to do it without an editor, as the end of a sentence. */
type EditedText = { readonly name: string; readonly text: string; readonly otherwise: string };

/** Opens a text in `$VISUAL` or `$EDITOR` and passes the result to `use`. If that throws, or the editor fails, the text is kept in its file, which the error names. */
export async function editText<T>(
  { env, out }: Pick<Context, "env" | "out">,
  { name, text, otherwise }: EditedText,
  use: (edited: string) => Promise<T>,
): Promise<T> {
  const editor = env["VISUAL"] || env["EDITOR"] || "";
  if (editor === "") {
    throw new PanopticonError("invalid_input", "No editor is set.", {
      hint: `Set EDITOR, as in EDITOR=vi, or ${otherwise}.`,
    });
  }
  const folder = await mkdtemp(join(tmpdir(), "pan-"));
  const file = join(folder, name);
  await writeFile(file, text, { mode: 0o600 });
  await runEditor(editor, file, env);
  const bytes = await readEdited(editor, file, folder);
  try {
    const result = await use(decodeText(bytes, file));
    await rm(folder, { recursive: true });
    return result;
  } catch (error) {
    if (bytes.equals(Buffer.from(text)) || !isPanopticonError(error)) await rm(folder, { recursive: true });
    else out.note(`Your text is kept in ${file}`);
    throw error;
  }
}

async function readEdited(editor: string, file: string, folder: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    if (!isNotThere(cause)) throw cause;
    await rm(folder, { recursive: true, force: true });
    throw new PanopticonError("internal", `The editor (${editor}) did not save a file.`, {
      hint: "Nothing was changed.",
      cause,
    });
  }
}

/** `EDITOR` may contain arguments (`code --wait`), so a shell parses it; the file name is passed unparsed. */
function runEditor(editor: string, file: string, env: Context["env"]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("sh", ["-c", `${editor} "$1"`, "sh", file], { stdio: "inherit", env });
    const failed = (cause?: unknown) =>
      reject(
        new PanopticonError("internal", `The editor (${editor}) ended with an error.`, {
          hint: `Nothing was changed. Its file is ${file}`,
          cause,
        }),
      );
    child.once("error", failed);
    child.once("close", (code) => (code === 0 ? resolve() : failed()));
  });
}
