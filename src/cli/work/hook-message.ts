import { z } from "zod";

/** What the hooks of various programs tell, as far as it says what they ask. Codex: notify; Claude Code: Stop, Notification, PermissionRequest. */
const Payload = z.object({
  "last-assistant-message": z.string().optional().catch(undefined),
  last_assistant_message: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  notification_type: z.string().optional().catch(undefined),
  tool_name: z.string().optional().catch(undefined),
  tool_input: z
    .object({
      command: z.string().optional().catch(undefined),
      file_path: z.string().optional().catch(undefined),
      url: z.string().optional().catch(undefined),
      questions: z
        .array(z.object({ question: z.string() }))
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});

/** Notifications that repeat what another hook has said better. */
const repeated = ["permission_prompt", "idle_prompt"];

/** The words for the user in a hook's JSON; null if there are none. */
export function messageIn(payload: string | undefined): string | null {
  const read = Payload.safeParse(parse(payload));
  if (!read.success) return null;
  const { tool_name: tool, tool_input: input = {}, message, notification_type: kind = "", ...said } = read.data;
  if (tool !== undefined) {
    const asked = input.questions?.map(({ question }) => question).join(" ");
    const about = input.command ?? input.file_path ?? input.url;
    return asked || `May it use ${tool}?${about === undefined ? "" : ` ${about}`}`;
  }
  return (
    said["last-assistant-message"] ??
    said.last_assistant_message ??
    (repeated.includes(kind) ? null : (message ?? null))
  );
}

function parse(payload: string | undefined): unknown {
  if (payload === undefined) return null;
  try {
    return JSON.parse(payload);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
