import type { Command } from "commander";
import type { Context } from "./context.ts";

/** A command and its lazily loaded module, so that other commands start fast. Startup is optimised for listing issues. */
export type CommandEntry = {
  readonly name: string;
  readonly arguments: string;
  readonly summary: string;
  load(): Promise<{ define(command: Command, context: Context): void }>;
};
