import type { Command } from "commander";
import { PanopticonError } from "../../domain/error.ts";
import type { Context } from "../context.ts";
import { findHere } from "../here.ts";
import { openBrowser } from "../server/open-browser.ts";
import { openReading } from "../reading/open-reading.ts";
import { plainLine } from "../../domain/plain-text.ts";

export function define(command: Command, context: Context): void {
  command
    .argument("<ref>", "panopticon#45, owner/repo#45, MIN-123; #45 inside a project's checkout")
    .option("--print", "print the address without opening it")
    .action(async (ref: string, options: { print?: boolean }) => {
      const url = await findAddress(context, ref);
      context.out.line(plainLine(url));
      if (options.print !== true && !openBrowser(url, context.env)) {
        context.out.note("No desktop is available to open it.");
      }
    });
}

/** The issue's URL in its tracker, if it is a valid web URL. */
async function findAddress(context: Context, ref: string): Promise<string> {
  const reading = await openReading(context, { sync: false });
  try {
    const { issue } = await findHere(context, ref, {
      projects: async () => (await reading.projects()).projects,
      find: (one) => reading.issue(one),
    });
    const url = issue.url === null ? null : URL.parse(issue.url);
    if (url?.protocol === "https:" || url?.protocol === "http:") return url.href;
    throw new PanopticonError("not_found", `${issue.ref} has no address yet.`, {
      hint: "It gets one once its tracker has created it; check its progress with pan outbox.",
    });
  } finally {
    await reading.close();
  }
}
