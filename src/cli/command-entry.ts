import type { Command } from "commander";
import type { Context } from "./context.ts";

/** A command by name; its file is loaded when it is called, so that the others start fast. Listing issues is what all else makes way for. */
export type CommandEntry = {
  readonly name: string;
  readonly arguments: string;
  readonly summary: string;
  load(): Promise<{ define(command: Command, context: Context): void }>;
};
