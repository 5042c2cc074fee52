import type { Terminal } from "@xterm/xterm";

/**
 * Types text that arrives without a key, such as from an emoji picker or dictation: xterm drops it while it also serves screen readers. Returns what to call
 * with every key event.
 */
export function hearInsertedText(terminal: Terminal): (event: KeyboardEvent) => void {
  let isKeyDown = false;
  terminal.textarea?.addEventListener("input", (event) => {
    const { inputType, data, isComposing } = event as InputEvent;
    if (inputType === "insertText" && data !== null && !isComposing && !isKeyDown) terminal.input(data);
  });
  return ({ type }) => {
    if (type === "keydown") isKeyDown = true;
    else if (type === "keyup") isKeyDown = false;
  };
}
