import type { ErrorCode } from "../../domain/error.ts";

/** The mapping from error codes to exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 not authorized, 5 conflict. */
export const exitCodes: Record<ErrorCode, number> = {
  auth: 4,
  forbidden: 4,
  not_found: 3,
  gone: 3,
  rate_limited: 1,
  conflict: 5,
  choice_needed: 5,
  invalid_input: 2,
  invalid_response: 1,
  unreachable: 1,
  timeout: 1,
  unsupported: 1,
  busy: 1,
  internal: 1,
};
