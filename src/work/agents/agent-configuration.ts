/** Claude's `--mcp-config`: https://code.claude.com/docs/en/mcp. */
export function mcpServers(command: string) {
  return { mcpServers: { panopticon: { command, args: [] } } };
}

const signal = (name: string) => [{ hooks: [{ type: "command", command: `pan agent signal ${name}` }] }];

/**
 * https://code.claude.com/docs/en/hooks, https://code.claude.com/docs/en/permissions. A hook gets its event on standard input. Claude asks for a permission with
 * PermissionRequest, and with Notification some seconds later. The MCP server itself limits what it allows.
 */
export function claudeSettings() {
  return {
    permissions: { allow: ["mcp__panopticon"] },
    hooks: {
      PermissionRequest: signal("waiting -"),
      Notification: signal("waiting -"),
      Stop: signal("waiting -"),
      UserPromptSubmit: signal("running"),
    },
  };
}

/**
 * Gemini's settings, below the user's own: https://geminicli.com/docs/hooks/reference, https://geminicli.com/docs/tools/mcp-server. As for Claude, the MCP server
 * needs no permission.
 */
export function geminiSettings(command: string) {
  return {
    mcpServers: { panopticon: { command, args: [], trust: true } },
    hooks: {
      Notification: signal("waiting -"),
      AfterAgent: signal("waiting -"),
      BeforeAgent: signal("running"),
    },
  };
}
