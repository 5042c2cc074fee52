import assert from "node:assert/strict";
import type { Register } from "./register.ts";
import { setStage, type Subject } from "./stage.ts";

/** A tracker that cannot be written to (yet). */
export function testReadOnly(it: Register, subject: Subject): void {
  it("has no writer, and says in advance that nothing can be changed", async (t) => {
    const { connection, source } = await setStage(t, subject, { issues: 5 });
    assert.equal(connection.write, undefined, "a subject without `writing` stands for a connection without `write`");
    const { writable } = await connection.describe(source, {});
    assert.equal(
      writable.allowed,
      false,
      "`describe` says so, else changes are kept and only refused when they are sent",
    );
    assert.match(writable.reason ?? "", /^[A-Z].*\.$/s, "a sentence says why");
  });
}
