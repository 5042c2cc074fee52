import assert from "node:assert/strict";
import { test } from "node:test";
import { trackers } from "./registry.ts";

// File hosts are a list of names. A name that resolves to a private address is right for a self-hosted server, and harmless for a public one: the address has
// to present a certificate for that name.

for (const tracker of trackers) {
  const values = (server: string | undefined): Record<string, string> =>
    Object.fromEntries(
      tracker.credentialFields.flatMap(({ name, defaultValue, secret }) =>
        name === "server" && server !== undefined
          ? [[name, server]]
          : secret || defaultValue !== undefined
            ? [[name, defaultValue ?? "secret"]]
            : [],
      ),
    );
  const fixed = tracker.credentialFields.find(({ name }) => name === "server")?.defaultValue;

  if (fixed !== undefined) {
    test(`${tracker.label}: files of the public service come over https, from named hosts`, () => {
      const hosts = tracker.http.fileHosts(values(undefined));
      assert.ok(hosts.length > 0);
      for (const { origin } of hosts) {
        const url = new URL(origin);
        assert.equal(url.protocol, "https:", origin);
        assert.match(url.hostname, /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}$/, origin);
      }
    });
  }

  test(`${tracker.label}: the credentials of a self-hosted server go to that server alone`, () => {
    const own = "http://10.1.2.3:8080";
    const hosts = tracker.http.fileHosts(values(tracker.id === "linear" ? `${own}/graphql` : own));
    for (const { origin, login } of hosts)
      if (login && origin !== own) assert.equal(new URL(origin).protocol, "https:", origin);
    assert.equal(new URL(tracker.http.baseUrl(values(own))).origin, own);
    for (const { origin } of hosts) assert.doesNotMatch(origin, /169\.254\.|127\.0\.0\.1|localhost|\[/);
  });
}
