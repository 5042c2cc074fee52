import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../api/client.ts";
import { isNothingLeft, sendAgain, wasInterrupted } from "./send-again.ts";

const refuse = (code: string) => () => Promise.reject(new ApiError(code, 409, "Refused."));

test("a refusal of a repeated change counts as done only if the change is there", async () => {
  await sendAgain(refuse("not_found"), true, isNothingLeft);
  await sendAgain(refuse("conflict"), true, wasInterrupted);
  const isDone = async () => false;
  await assert.rejects(sendAgain(refuse("conflict"), true, isDone), { code: "conflict" });
  await assert.rejects(sendAgain(refuse("forbidden"), true, isNothingLeft), { code: "forbidden" });
  await assert.rejects(sendAgain(refuse("forbidden"), true, wasInterrupted), { code: "forbidden" });
});

test("the first attempt's refusal is a failure, whatever is there", async () => {
  await assert.rejects(sendAgain(refuse("not_found"), false, isNothingLeft), { code: "not_found" });
});
