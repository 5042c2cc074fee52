import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { systemClock } from "../../domain/clock.ts";
import { hasCode } from "../conformance/assert-code.ts";
import { createHttpClient } from "../http/create-http-client.ts";
import { validateCredentials } from "../validate.ts";
import { gitlab } from "./index.ts";

/** A key and a self-signed certificate; null without openssl. */
function makeCertificate(): { readonly key: string; readonly cert: string } | null {
  const folder = mkdtempSync(join(tmpdir(), "panopticon-certificate-"));
  try {
    const request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost";
    execFileSync("openssl", [...request.split(" "), "-keyout", "key.pem", "-out", "cert.pem"], {
      cwd: folder,
      stdio: "ignore",
    });
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    return { key: read("key.pem"), cert: read("cert.pem") };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const certificate = makeCertificate();

it(
  "reports which variable to set for a host with a private certificate",
  certificate === null ? { skip: "openssl is not on this machine" } : {},
  async (t) => {
    assert.ok(certificate);
    let asked = 0;
    const server = createServer(certificate, (_, response) => {
      asked += 1;
      response.end("{}");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const values = {
      token: "glpat-secret-0123",
      server: `https://localhost:${(server.address() as AddressInfo).port}`,
    };
    const options = { clock: systemClock, userAgent: "Panopticon/test" };
    const { client } = createHttpClient({ policy: gitlab.http, values, ...options });
    await assert.rejects(
      gitlab.connect(client).verify(),
      hasCode("unreachable", ({ hint }) => /NODE_EXTRA_CA_CERTS/.test(hint ?? "")),
    );
    const answer = await validateCredentials(gitlab, values, options);
    assert.ok(!answer.valid);
    assert.equal(answer.errorType, "network");
    assert.match(answer.error, /does not trust the certificate of localhost:\d+/);
    assert.match(answer.hint, /NODE_EXTRA_CA_CERTS/);
    assert.equal(asked, 0, "no request, and no token, before the server is trusted");
  },
);
