import assert from "node:assert/strict";
import { hasCode } from "./assert-code.ts";
import type { Register } from "./register.ts";
import { setStage, type Subject, toValues } from "./stage.ts";
import { systemClock } from "../../domain/clock.ts";
import { validateCredentials } from "../validate.ts";

/** The account, what it can see, and how missing permissions are reported. */
export function testCredentials(it: Register, subject: Subject): void {
  const { definition } = subject;
  const secretEnv = definition.credentialFields.find((field) => field.secret)?.env[0] ?? "";

  it("verifies valid credentials", async (t) => {
    const { connection, open, emulator } = await setStage(t, subject, { issues: 10 });
    const account = await connection.verify();
    assert.ok(account.id !== "" && account.login !== "" && account.name !== "");
    assert.deepEqual(account.missing, []);
    const other = await open({ credentials: emulator.otherCredentials }).connection.verify();
    assert.notEqual(other.id, account.id);
  });

  it("refuses invalid credentials as auth, with what to do", async (t) => {
    const { open } = await setStage(t, subject);
    const { connection, monitor } = open({ credentials: { [secretEnv]: "lin_api_wrong_ghp_wrong" } });
    await assert.rejects(
      connection.verify(),
      hasCode("auth", ({ hint }) => {
        assert.ok(hint?.includes(secretEnv), `the hint says that ${secretEnv} is to be set: ${hint}`);
        return true;
      }),
    );
    assert.equal(monitor.requests(), subject.requestsWhenRefused ?? 1, "a refusal is asked about once");
  });

  it("notices credentials that are revoked later", async (t) => {
    const { connection, emulator, source } = await setStage(t, subject, { issues: 10 });
    await connection.verify();
    emulator.faults.add({ kind: "revoked", times: Infinity });
    const pages = connection.pull(source, { cursor: null, resume: null, signal: new AbortController().signal });
    await assert.rejects(Array.fromAsync(pages), hasCode("auth"));
  });

  it("reports what under-privileged credentials lack", async (t) => {
    const { open, emulator } = await setStage(t, subject, { issues: 10, sources: 3 });
    const { connection } = open({ credentials: emulator.weakCredentials.values });
    const account = await connection.verify();
    const seen = await Array.fromAsync(connection.sources());
    const all = await Array.fromAsync(open().connection.sources());
    assert.ok(
      account.missing.length > 0 || seen.filter((one) => one.readable).length < all.length,
      `nothing tells that the credentials lack ${emulator.weakCredentials.lacks}`,
    );
  });

  it("lists every source once", async (t) => {
    const { connection, emulator } = await setStage(t, subject, { issues: 10, sources: 4 });
    const sources = await Array.fromAsync(connection.sources());
    assert.deepEqual(
      sources.map(({ id, key }) => `${id} ${key}`).sort(),
      emulator.sources.map(({ id, key }) => `${id} ${key}`).sort(),
    );
  });

  it("validates typed credentials", async (t) => {
    const { emulator } = await setStage(t, subject, { issues: 10, sources: 2 });
    const options = { clock: systemClock, userAgent: "Panopticon/conformance" };
    const values = toValues(definition, emulator.credentials);
    const secret = definition.credentialFields.find((field) => field.secret)?.name ?? "";

    const good = await validateCredentials(definition, values, options);
    assert.ok(good.valid);
    assert.equal(good.sources.length, 2);

    const bad = await validateCredentials(definition, { ...values, [secret]: "nonsense" }, options);
    assert.ok(!bad.valid);
    assert.equal(bad.errorType, "auth");

    const cases: [unknown, string][] = [
      [{ ...values, [secret]: "" }, "input"],
      [{ ...values, server: "ftp://127.0.0.1" }, "input"],
      [{ ...values, server: "not an address" }, "input"],
      [{ ...values, tokne: "x" }, "input"],
      [{ ...values, server: "http://127.0.0.1:1" }, "network"],
    ];
    for (const [given, errorType] of cases) {
      const answer = await validateCredentials(definition, given as Record<string, unknown>, options);
      assert.ok(!answer.valid, JSON.stringify(given));
      assert.equal(answer.errorType, errorType, JSON.stringify(answer));
      assert.ok(answer.hint.length > 0);
    }
  });

  it("writes no credentials into its log", async (t) => {
    const { open, source, emulator } = await setStage(t, subject, { issues: 10 });
    const lines: string[] = [];
    const { connection } = open({ log: (line) => lines.push(line) });
    await connection.verify();
    await connection.describe(source, {});
    assert.ok(lines.length >= 2);
    const secret = emulator.credentials[secretEnv] ?? "";
    assert.ok(secret.length > 0 && !lines.join("\n").includes(secret));
  });
}
