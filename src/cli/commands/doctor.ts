import type { Command } from "commander";
import type { Context } from "../context.ts";
import { checkConfig } from "../doctor/check-config.ts";
import { checkDisk, checkHome, checkMirror } from "../doctor/check-files.ts";
import { checkNode, checkPort, checkProxies } from "../doctor/check-machine.ts";
import { checkTrackers } from "../doctor/check-trackers.ts";
import { checkWork } from "../doctor/check-work.ts";
import type { Finding } from "../doctor/finding.ts";
import { loadConfig } from "../load-config.ts";
import type { Style } from "../printing/output.ts";
import { plainLine } from "../../domain/plain-text.ts";

const marks: Record<Finding["level"], { readonly mark: string; readonly style: Style }> = {
  ok: { mark: "ok     ", style: "green" },
  note: { mark: "note   ", style: "gray" },
  warning: { mark: "warning", style: "yellow" },
  error: { mark: "ERROR  ", style: "red" },
};

export function define(command: Command, context: Context): void {
  command
    .description("Checks this machine, the config files and the trackers for problems, and says how to fix them.")
    .option("--json", "as JSON: {findings: [{level, area, message, fix}]}")
    .action(async (options: { json?: boolean }) => {
      context.out.status("Checking this machine and the trackers…");
      const findings = await examine(context);
      context.out.status(null);
      if (options.json) context.out.json({ findings });
      else for (const finding of findings) print(context, finding);
      if (findings.some(({ level }) => level === "error")) context.setExitCode(1);
    });
}

async function examine(context: Context): Promise<Finding[]> {
  const config = await loadConfig(context);
  const [work, disk, mirror, port, trackers] = await Promise.all([
    checkWork(context, config),
    checkDisk(context),
    checkMirror(context),
    checkPort(context, config),
    checkTrackers(context, config),
  ]);
  const files = [...checkHome(context), ...disk, ...checkConfig(context, config), ...mirror];
  return [...checkNode(), ...checkProxies(context.env), ...files, ...work, ...port, ...trackers];
}

function print({ out }: Context, { level, area, message, fix }: Finding): void {
  const { mark, style } = marks[level];
  out.sentences(`${out.style(style, mark)}  ${out.style("bold", plainLine(area))}: ${plainLine(message)}`, 9);
  if (fix !== null) out.sentences(`         ${plainLine(fix)}`, 0);
}
