/**
 * Claude's `--mcp-config` and Gemini's settings file have the same format: https://code.claude.com/docs/en/mcp, https://geminicli.com/docs/tools/mcp-server.
 */
export function mcpServers(command: string) {
  return { mcpServers: { panopticon: { command, args: [] } } };
}

/**
 * https://code.claude.com/docs/en/hooks, https://code.claude.com/docs/en/permissions. A hook gets its event on standard input. Claude asks for a permission with
 * PermissionRequest, and with Notification some seconds later. The MCP server itself limits what it allows.
 */
export function claudeSettings() {
  const signal = (name: string) => [{ hooks: [{ type: "command", command: `pan agent signal ${name}` }] }];
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
