import { PanopticonError } from "../../../domain/error.ts";
import type { NativeIssue } from "../../../domain/issue.ts";
import type { Source } from "../../tracker.ts";
import type { JiraClient } from "../client.ts";
import type { ProjectForms } from "../project-forms.ts";
import { EditMeta } from "../schema.ts";

/**
 * The field of an issue's estimate. Cloud has one for team-managed and one for company-managed projects. Chooses the only one, else the one on the type's form,
 * else the one on the issue's own screen. Throws `unsupported` if there is none.
 */
export async function chooseEstimateField(
  { client, forms }: { readonly client: JiraClient; readonly forms: ProjectForms },
  source: Source,
  issue: Pick<NativeIssue, "nativeId" | "key" | "type">,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { points } = await client.getCustomFields(signal);
  const [first, second] = points;
  if (first !== undefined && second === undefined) return first;
  const form = await forms.find(source, issue.type, signal);
  const onForm = points.filter((id) => form?.fields?.some((field) => field.id === id));
  const [only, another] = onForm;
  if (only !== undefined && another === undefined) return only;
  const response = await client.get(`/issue/${encodeURIComponent(issue.nativeId)}/editmeta`, {}, signal);
  const { fields } = client.parse(EditMeta, response, "editmeta");
  const shown = points.find((id) => id in fields);
  if (shown !== undefined) return shown;
  throw new PanopticonError("unsupported", `Jira has no estimate field for ${issue.key}.`, {
    tracker: "jira",
    field: "estimate",
    hint: `The project's screens do not include story points for a ${issue.type}; an administrator can add them.`,
  });
}
