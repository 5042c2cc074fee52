import type { Command } from "commander";

/**
 * Example command lines by command, for `--help` and docs/cli.md, the most common first. `test/end-to-end/snippets.test.ts` runs them, with its own refs and
 * names substituted.
 */
export const examples: Readonly<Record<string, readonly string[]>> = {
  up: ["pan up --detach --no-open"],
  init: ["pan init", "pan init --yes --github-repo myorg/myapp"],
  down: ["pan down"],
  status: ["pan status", "pan status --json"],
  demo: ["pan demo"],
  doctor: ["pan doctor"],
  "project add": ["pan project add", "pan project add --id website --github-repo myorg/website --history all"],
  "project list": ["pan project list"],
  "project remove": ["pan project remove website"],
  states: ["pan states myapp"],
  trackers: ["pan trackers --sync"],
  "trackers test": ["pan trackers test github"],
  webhooks: ["pan webhooks", "pan webhooks github --create"],
  sync: ["pan sync", "pan sync rally --sweep"],
  issues: ["pan issues --status in_progress,in_review", "pan issues checkout --label bug --sort -updated --json"],
  show: ["pan show MIN-123", "pan show panopticon#45 --json", "pan show PROJ-88 --history 20"],
  open: ["pan open PROJ-88 --print"],
  export: ["pan export --format csv --status in_review --output review.csv"],
  create: ["pan create Say what failed --source MIN --priority high --label bug"],
  edit: ['pan edit MIN-123 --title "Say what failed, and why" --priority urgent'],
  move: ["pan move MIN-123 in progress", "pan move panopticon#45 done"],
  comment: ["pan comment US1234 Looks right to me."],
  link: ["pan link MIN-123 blocks panopticon#45", "pan link MIN-123 blocks panopticon#45 --remove"],
  undo: ["pan undo"],
  outbox: ["pan outbox"],
  "outbox retry": ["pan outbox retry 12"],
  "outbox drop": ["pan outbox drop 12"],
  "outbox close": ["pan outbox close 12"],
  "outbox resolve": ["pan outbox resolve 12 --mine title --theirs body"],
  shadow: ["pan shadow"],
  "shadow send": ["pan shadow send MIN-123", "pan shadow send --all --project myapp"],
  "shadow drop": ["pan shadow drop --all"],
  "workspace create": ["pan workspace create MIN-123"],
  "workspace list": ["pan workspace list"],
  "workspace path": ["pan workspace path MIN-123"],
  "workspace request": ["pan workspace request panopticon#45 --draft"],
  "workspace remove": ["pan workspace remove MIN-123"],
  "agent start": [
    "pan agent start MIN-123",
    'pan agent start MIN-123 --agent codex --plan --prompt "Begin with the tests."',
  ],
  "agent list": ["pan agent list"],
  "agent attach": ["pan agent attach MIN-123"],
  "agent send": ['pan agent send MIN-123 "Yes, go on."'],
  "agent stop": ["pan agent stop MIN-123"],
  "agent resume": ["pan agent resume MIN-123"],
  "agent logs": ["pan agent logs MIN-123"],
  "agent signal": ['pan agent signal waiting --message "Which of the two?"'],
  dispatch: ["pan dispatch --dry-run"],
  mcp: ["pan mcp --reach linked"],
  backup: ["pan backup friday.backup"],
  restore: ["pan restore friday.backup"],
  completion: ["pan completion bash"],
};

/** Adds the examples to the help of a command and its subcommands. */
export function addExamples(command: Command, path: string): void {
  const lines = examples[path];
  if (lines !== undefined)
    command.addHelpText("after", ["", "Examples:", ...lines.map((line) => `  ${line}`)].join("\n"));
  for (const below of command.commands) addExamples(below, `${path} ${below.name()}`);
}
