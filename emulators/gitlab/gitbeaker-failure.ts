import assert from "node:assert/strict";
import { GitbeakerRequestError } from "@gitbeaker/rest";

/** The status and description of a call that must fail. */
export async function failure(call: Promise<unknown>): Promise<{ status: number; description: string }> {
  const error: unknown = await call.then(
    () => assert.fail("the call succeeded"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof GitbeakerRequestError, String(error));
  const { response, description } = error.cause ?? {};
  assert.ok(response);
  return { status: response.status, description: JSON.stringify(description) };
}
