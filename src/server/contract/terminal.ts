import { z } from "@hono/zod-openapi";

const Columns = z.coerce.number<string | number>().int().min(2).max(1000);
const Rows = z.coerce.number<string | number>().int().min(1).max(1000);

export const TerminalQuery = z.object({
  columns: Columns.default(120).openapi({ param: { description: "The viewer's size; the terminal adopts it" } }),
  rows: Rows.default(40),
});

/** What a viewer says in text messages. Its binary messages are keys, as a terminal sends them. */
export const TerminalRequest = z.discriminatedUnion("type", [
  /** The terminal takes this size, until another viewer does something. */
  z.strictObject({ type: z.literal("resize"), columns: Columns, rows: Rows }),
  /** A text to paste, the way the program there wants pastes. */
  z.strictObject({ type: z.literal("paste"), text: z.string() }),
  /** Bytes of output drawn since the connection was made. Whoever says nothing is left out after half a megabyte. */
  z.strictObject({ type: z.literal("shown"), bytes: z.number().int().nonnegative() }),
]);

export type TerminalRequest = z.infer<typeof TerminalRequest>;

/** What a viewer is told in text messages. Binary messages are output. */
export type TerminalMessage =
  /** Begin anew, with an empty terminal of this size: what it holds follows. First of all, and after output was left out. */
  | { readonly type: "reset"; readonly columns: number; readonly rows: number }
  /** The session has ended; the connection is closed. */
  | { readonly type: "ended" };
