import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { CallToolRequestSchema, type CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { PanopticonError } from "../domain/error.ts";
import { nearestWord } from "../domain/nearest-word.ts";
import { sayFaultsInWords, toRequestError } from "../server/contract/request-fault.ts";
import { answerOf } from "./tool-answer.ts";

/** Where tools are registered; same signature as the protocol's server. */
export type ToolRegistry = Pick<McpServer, "registerTool">;

type Call = (given: unknown, extra: unknown) => Promise<CallToolResult>;

/**
 * Registers tools with a server, which lists them, but answers their calls here: errors in arguments are worded like the API's rather than the validator's, and
 * unknown arguments are not ignored. Call `answerCalls` once all tools are registered.
 */
export function createToolCalls(server: McpServer): { readonly registry: ToolRegistry; answerCalls(): void } {
  sayFaultsInWords();
  const calls = new Map<string, Call>();
  const registerTool = (name: string, config: { readonly inputSchema: z.ZodRawShape }, run: Call) => {
    const inputSchema = z.strictObject(config.inputSchema);
    calls.set(name, async (given, extra) => {
      const read = inputSchema.safeParse(given);
      if (read.success) return run(read.data, extra);
      return answerOf(() => Promise.reject(toRequestError("tool", read.error.issues[0])));
    });
    return server.registerTool(name, { ...config, inputSchema }, run as Parameters<McpServer["registerTool"]>[2]);
  };
  return {
    registry: { registerTool: registerTool as unknown as McpServer["registerTool"] },
    answerCalls() {
      server.server.setRequestHandler(CallToolRequestSchema, ({ params }, extra) => {
        const call = calls.get(params.name);
        if (call !== undefined) return call(params.arguments ?? {}, extra);
        return answerOf(() => Promise.reject(unknownTool(params.name, [...calls.keys()])));
      });
    },
  };
}

function unknownTool(name: string, known: readonly string[]): PanopticonError {
  const near = nearestWord(name, known);
  return new PanopticonError("not_found", `There is no tool called “${name}”.`, {
    hint: near === undefined ? `Available: ${known.join(", ")}.` : `Did you mean “${near}”?`,
  });
}
