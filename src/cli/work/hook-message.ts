import { z } from "zod";

const words = z.string().optional().catch(undefined);

/**
 * What the hooks of various programs tell, as far as it says what they ask. Codex: notify; Claude Code: Stop, Notification, PermissionRequest; Gemini: AfterAgent,
 * Notification.
 */
const Payload = z.object({
  "last-assistant-message": words,
  last_assistant_message: words,
  prompt_response: words,
  message: words,
  notification_type: words,
  details: z
    .object({ command: words, filePath: words, toolName: words, urls: z.array(z.string()).optional().catch(undefined) })
    .optional()
    .catch(undefined),
  tool_name: words,
  tool_input: z
    .object({
      command: words,
      file_path: words,
      url: words,
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
  const {
    tool_name: tool,
    tool_input: input = {},
    message,
    notification_type: kind = "",
    details,
    ...said
  } = read.data;
  if (tool !== undefined) {
    const asked = input.questions?.map(({ question }) => question).join(" ");
    const about = input.command ?? input.file_path ?? input.url;
    return asked || `May it use ${tool}?${about === undefined ? "" : ` ${about}`}`;
  }
  return (
    said["last-assistant-message"] ??
    said.last_assistant_message ??
    said.prompt_response ??
    permissionIn(details) ??
    (repeated.includes(kind) ? null : (message ?? null))
  );
}

/** What Gemini asks for. */
function permissionIn(details: z.infer<typeof Payload>["details"]): string | null {
  const { command, filePath, toolName, urls = [] } = details ?? {};
  if (command !== undefined) return `May it run a command? ${command}`;
  if (filePath !== undefined) return `May it change a file? ${filePath}`;
  if (toolName !== undefined) return `May it use ${toolName}?`;
  return urls.length === 0 ? null : `May it read a page? ${urls.join(" ")}`;
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
