import type { z } from "@hono/zod-openapi";
import { ProblemShape } from "../contract/problem.ts";

const problemContent = { "application/problem+json": { schema: ProblemShape } };

const descriptions = {
  400: "Invalid input",
  401: "Not signed in",
  403: "A request from another site or to another host name, or a change that the credentials do not allow",
  404: "Not found",
  409: "Conflict with the current state; `candidates` lists the alternatives",
  410: "Gone from its tracker",
  413: "Body too large",
  415: "Body not declared as JSON",
  422: "Not supported by the tracker or this kind of issue",
  502: "The tracker refused or could not be reached",
  503: "Busy; try again",
} as const;

type ProblemStatus = keyof typeof descriptions;

/**
 * A JSON response and the possible problems; 401 and 403 are always possible. The problems are only in the document, not in the type, because handlers throw
 * them.
 */
export function answers<Schema extends z.ZodType, Status extends number>(
  status: Status,
  schema: Schema,
  description: string,
  problems: readonly ProblemStatus[] = [],
): { [Key in Status]: { description: string; content: { "application/json": { schema: Schema } } } } {
  const answer = { [status]: { description, content: { "application/json": { schema } } } } as {
    [Key in Status]: { description: string; content: { "application/json": { schema: Schema } } };
  };
  return { ...failures(problems), ...answer };
}

/** The problems of a call without a response body. */
export function failures(problems: readonly ProblemStatus[]): object {
  return Object.fromEntries(
    ([...problems, 401, 403] as const).map((code) => [
      code,
      { description: descriptions[code], content: problemContent },
    ]),
  );
}
