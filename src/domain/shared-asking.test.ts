import assert from "node:assert/strict";
import { test } from "node:test";
import { createSharedAsking } from "./shared-asking.ts";

/** A request whose answers the test controls. */
function openQuestion() {
  const asked: PromiseWithResolvers<string>[] = [];
  const ask = (signal?: AbortSignal) => {
    const one = Promise.withResolvers<string>();
    signal?.addEventListener("abort", () => one.reject(signal.reason));
    asked.push(one);
    return one.promise;
  };
  return { asked, ask };
}

test("a request in flight is shared, a finished one is repeated", async () => {
  const share = createSharedAsking();
  const { asked, ask } = openQuestion();
  const both = Promise.all([share("a", ask), share("a", ask)]);
  const other = share("b", ask);
  assert.equal(asked.length, 2);
  asked[0]?.resolve("one");
  asked[1]?.resolve("other");
  assert.deepEqual(await both, ["one", "one"]);
  assert.equal(await other, "other");
  const again = share("a", ask);
  assert.equal(asked.length, 3);
  asked[2]?.resolve("two");
  assert.equal(await again, "two");
});

test("a failure rejects all waiting callers, and the next call asks again", async () => {
  const share = createSharedAsking();
  const { asked, ask } = openQuestion();
  const failures = Promise.allSettled([share("a", ask), share("a", ask)]);
  asked[0]?.reject(new Error("no"));
  assert.deepEqual(
    (await failures).map(({ status }) => status),
    ["rejected", "rejected"],
  );
  const again = share("a", ask);
  asked[1]?.resolve("yes");
  assert.equal(await again, "yes");
});

test("aborting one caller does not cancel the others, even if it was the first", async () => {
  const share = createSharedAsking();
  const { asked, ask } = openQuestion();
  const [first, second] = [new AbortController(), new AbortController()];
  const leader = share("a", ask, first.signal);
  const follower = share("a", ask, second.signal);
  const third = share("a", ask);
  second.abort(new Error("mine"));
  await assert.rejects(follower, { code: "busy" });
  assert.equal(asked.length, 1);
  first.abort(new Error("the leader's"));
  await assert.rejects(leader, { message: "the leader's" });
  // The third caller keeps waiting and sends a request of its own.
  while (asked.length < 2) await Promise.resolve();
  asked[1]?.resolve("all the same");
  assert.equal(await third, "all the same");
});
