import assert from "node:assert/strict";
import { type ErrorCode, PanopticonError } from "../../domain/error.ts";

/** For `assert.rejects`: a PanopticonError with this code and a message that is a plain sentence; `also` checks the message or the whole error. */
export function hasCode(
  code: ErrorCode,
  also?: RegExp | ((error: PanopticonError) => boolean),
): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof PanopticonError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, /^([A-Z0-9"]|https?:).*\.$/su);
    if (also instanceof RegExp) assert.match(error.message, also);
    else if (also) assert.ok(also(error), `${error.message} / ${error.hint ?? ""}`);
    return true;
  };
}

/** For `assert.rejects`: an error that leaves open whether the write was carried out. */
export function isUncertain(): (error: unknown) => boolean {
  return (error) => {
    const codes = ["unreachable", "timeout", "invalid_response"] as const;
    const code = codes.find((one) => error instanceof Error && "code" in error && error.code === one);
    assert.ok(code, String(error));
    return hasCode(code, ({ notSent }) => !notSent)(error);
  };
}
