import type { z } from "zod";
import { PanopticonError } from "../../domain/error.ts";
import { parseJson } from "../http/parse-json.ts";
import type { Delivery } from "./webhook.ts";

/** Parses the body of a proved delivery. Throws `invalid_input` for invalid JSON and for JSON that does not match the schema. */
export function readJson<T>(schema: z.ZodType<T>, { body }: Delivery, tracker: string): T {
  const parsed = schema.safeParse(parse(body, tracker));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.map(String).join(".") ?? "";
  throw new PanopticonError(
    "invalid_input",
    `The delivery has an unexpected format${where === "" ? "" : ` at ${where}`}.`,
    {
      tracker,
      hint: "The next poll will find the change.",
    },
  );
}

function parse(body: Uint8Array, tracker: string): unknown {
  try {
    return parseJson(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    throw new PanopticonError("invalid_input", "The delivery is not JSON.", {
      tracker,
      hint: "Set the webhook's content type to application/json.",
      cause: error,
    });
  }
}
