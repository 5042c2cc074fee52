import { marked } from "marked";

/** https://docs.gitlab.com/user/project/quick_actions/; the names that apply to issues and their comments. */
const names =
  `add_child add_contacts add_email assign award blocked_by blocks board_move cc child_of clear_health_status
clear_parent clear_weight clone close confidential convert_to_ticket copy_metadata create_merge_request done due duplicate epic
estimate estimate_time health_status invite_email iteration label labels link lock milestone move parent promote promote_to
promote_to_incident publish react reassign relabel relate remove_child remove_contacts remove_due_date remove_epic remove_estimate
remove_iteration remove_label remove_milestone remove_parent remove_time_estimate remove_time_spent remove_zoom reopen set_parent severity
shrug spend spend_time spent status subscribe tableflip tag timeline title todo type unassign unlabel unlink unlock unsubscribe weight
zoom`.split(/\s+/);

export type Command = { readonly name: string; readonly argument: string };

const command = `^/(?<cmd>${names.join("|")})(?: (?<arg>[^\\n]*))?(?:\\s*\\n|$)`;
const html = "^<[^>]+?>\\n.+?\\n</[^>]+?>$";

/** Matches lines, except inside a pair of fences, backticks, tags or `>>>`. Servers up to 16. */
const byLine = new RegExp(["^```.+?\\n```$", "^.*`\\n*.+?\\n*`$", html, "^>>>.+?\\n>>>$", command].join("|"), "gims");

/** Matches paragraphs of their own, as in markdown. */
const inParagraph = new RegExp(["`.+?`", html, command].join("|"), "gims");

/**
 * Removes quick actions from a text as GitLab does before storing it, together with carriage returns and trailing space.
 * https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/gitlab/quick_actions/extractor.rb
 */
export function extractCommands(
  text: string,
  readsMarkdown: boolean,
): { readonly text: string; readonly commands: readonly Command[] } {
  const commands: Command[] = [];
  const plain = text.replaceAll("\r", "");
  const extract = (part: string, pattern: RegExp) =>
    part.replace(pattern, (match: string, ...rest: unknown[]) => {
      const groups = rest.at(-1) as { cmd?: string; arg?: string };
      if (groups.cmd === undefined) return match;
      commands.push({ name: groups.cmd.toLowerCase(), argument: groups.arg?.trim() ?? "" });
      return "";
    });
  if (!/^\//m.test(plain)) return { text: stripEnd(plain), commands };
  const left = readsMarkdown
    ? marked
        .lexer(plain)
        .map(({ type, raw }) => (type === "paragraph" && /^\//m.test(raw) ? extract(raw, inParagraph) : raw))
        .join("")
    : extract(plain, byLine);
  return { text: stripEnd(left), commands };
}

/** Like Ruby's: only ASCII whitespace counts. */
function stripEnd(text: string): string {
  return text.replace(/[\t\n\v\f\r \0]+$/, "");
}
