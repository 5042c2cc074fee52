import { z } from "@hono/zod-openapi";

const Columns = z.coerce.number<string | number>().int().min(2).max(1000);
const Rows = z.coerce.number<string | number>().int().min(1).max(1000);

export const TerminalQuery = z.object({
  columns: Columns.default(120).openapi({ param: { description: "The viewer's size; the terminal adopts it" } }),
  rows: Rows.default(40),
});

/** A viewer's text messages. Its binary messages are keys, as a terminal sends them. */
export const TerminalRequest = z.discriminatedUnion("type", [
  /** Sets the terminal's size, until another viewer acts. */
  z.strictObject({ type: z.literal("resize"), columns: Columns, rows: Rows }),
  /** A text to paste, in the form that the program in the terminal expects. */
  z.strictObject({ type: z.literal("paste"), text: z.string() }),
  /** Bytes of output drawn since the connection opened. After half a megabyte without this message, output is skipped. */
  z.strictObject({ type: z.literal("shown"), bytes: z.number().int().nonnegative() }),
]);

export type TerminalRequest = z.infer<typeof TerminalRequest>;

/** The text messages to a viewer. Binary messages are output. */
export type TerminalMessage =
  /** Start over with an empty terminal of this size; its content follows. Sent first, and after output was skipped. */
  | { readonly type: "reset"; readonly columns: number; readonly rows: number }
  /** The session has ended; the connection closes. */
  | { readonly type: "ended" };
