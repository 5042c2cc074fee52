import { z } from "zod";

/** A time in ISO 8601 as most trackers write it, in milliseconds. */
export const Time = z.string().transform((text, context) => {
  const time = Date.parse(text);
  if (Number.isNaN(time)) context.addIssue({ code: "custom", message: `"${text}" is no time` });
  return time;
});
