import { z } from "zod";

/** An ISO 8601 time, parsed to milliseconds. */
export const Time = z.string().transform((text, context) => {
  const time = Date.parse(text);
  if (Number.isNaN(time)) context.addIssue({ code: "custom", message: `"${text}" is no time` });
  return time;
});
