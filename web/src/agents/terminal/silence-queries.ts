import type { Terminal } from "@xterm/xterm";

/**
 * Keeps the emulator from answering terminal queries (attributes, cursor, colours, …): tmux has already answered them, and every viewer's answer would be typed
 * into the program. Codes: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 */
export function silenceQueries({ parser }: Terminal): void {
  const ignore = () => true;
  for (const id of [
    { final: "c" },
    { prefix: ">", final: "c" },
    { prefix: "=", final: "c" },
    { final: "n" },
    { prefix: "?", final: "n" },
    { prefix: ">", final: "q" },
    { prefix: "?", final: "u" },
    { final: "t" },
    { intermediates: "$", final: "p" },
    { prefix: "?", intermediates: "$", final: "p" },
  ]) {
    parser.registerCsiHandler(id, ignore);
  }
  // Handle colour queries only; let programs set colours.
  for (const code of [4, 10, 11, 12]) parser.registerOscHandler(code, (data) => data.includes("?"));
  parser.registerDcsHandler({ intermediates: "$", final: "q" }, ignore);
  parser.registerDcsHandler({ intermediates: "+", final: "q" }, ignore);
}
