import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { describe, it, type TestContext } from "node:test";
import { systemClock } from "../../domain/clock.ts";
import type { ErrorCode } from "../../domain/error.ts";
import { hasCode } from "../conformance/assert-code.ts";
import { type Seen, startLocalServer } from "../conformance/local-server.ts";
import type { FileHost } from "./http-client.ts";
import { createMask } from "./mask.ts";
import { createFileOpener, findFileHost } from "./open-file.ts";

const secret = "s3cret-token-value";

type Answer = (request: Seen, response: ServerResponse) => void;

/** Three servers: the tracker's files (login below /files/), its store (no login), and an unrelated one. */
async function open(
  t: TestContext,
  answers: { files?: Answer; store?: Answer; other?: Answer },
  limits: { deadlineMs?: number; maxBytes?: number } = {},
) {
  const start = async (answer: Answer | undefined) => {
    const server = await startLocalServer(answer ?? ((_, response) => void response.end("ok")));
    t.after(() => server.close());
    return server;
  };
  const [files, store, other] = [await start(answers.files), await start(answers.store), await start(answers.other)];
  const lines: string[] = [];
  const openFile = createFileOpener({
    policy: { tracker: "sample", label: "Sample" },
    hosts: [
      { origin: files.url, path: "/files/", login: true },
      { origin: store.url, login: false },
    ],
    credentials: { authorization: `Bearer ${secret}`, accept: "application/json" },
    userAgent: "Panopticon/test",
    clock: systemClock,
    mask: createMask([secret]),
    onRequest: ({ url, outcome }) => lines.push(`${url} ${outcome}`),
    ...limits,
  });
  return { openFile, files, store, other, lines };
}

const redirectTo =
  (location: string): Answer =>
  (_, response) => {
    response.writeHead(302, { location });
    response.end();
  };

/** An error of this code that does not repeat the secret. */
const refused = (code: ErrorCode) =>
  hasCode(code, ({ message, hint, request }) => ![message, hint, request].join(" ").includes(secret));

const read = async (stream: ReadableStream<Uint8Array>) => Buffer.from(await new Response(stream).arrayBuffer());

describe("opening a file", () => {
  it("streams a file with type and size, and sends the login only to hosts that need it", async (t) => {
    const bytes = Buffer.from([0, 1, 2, 255, 254]);
    const { openFile, files } = await open(t, {
      files: (_, response) => {
        response.writeHead(200, { "content-type": "image/png", "content-length": bytes.length });
        response.end(bytes);
      },
    });
    const file = await openFile(`${files.url}/files/a.png?x=1`);
    assert.deepEqual([file.contentType, file.size], ["image/png", 5]);
    assert.deepEqual(await read(file.stream), bytes);
    const [request] = files.seen;
    assert.equal(request?.url, "/files/a.png?x=1");
    assert.equal(request?.headers.authorization, `Bearer ${secret}`);
    assert.equal(request?.headers.accept, "*/*");
  });

  it("follows a redirect to the tracker's store, without the login", async (t) => {
    const stage = await open(t, {
      files: (_, response) => redirectTo(`${stage.store.url}/signed?key=1`)(_, response),
      store: (_, response) => void response.end("stored"),
    });
    const file = await stage.openFile(`${stage.files.url}/files/1`);
    assert.equal((await read(file.stream)).toString(), "stored");
    assert.equal(stage.store.seen[0]?.headers.authorization, undefined);
    assert.equal(stage.store.seen[0]?.url, "/signed?key=1");
  });

  it("follows no redirect to any other place", async (t) => {
    let target = "";
    const stage = await open(t, { files: (_, response) => redirectTo(target)(_, response) });
    const { port } = new URL(stage.other.url);
    const own = new URL(stage.files.url);
    for (target of [
      `${stage.other.url}/x`,
      `http://localhost:${port}/x`,
      `http://[::1]:${port}/x`,
      `http://0x7f000001:${port}/x`,
      "http://169.254.169.254/latest/meta-data/",
      "http://10.0.0.1/",
      "file:///etc/passwd",
      // The same server, at a path where the tracker keeps no files.
      "/admin",
      "/files/../admin",
      "/files/%2e%2e/admin",
      `http://user@${own.host}/files/1`,
      `https://${own.host}/files/1`,
      `//${own.host}@${new URL(stage.other.url).host}/files/`,
    ]) {
      await assert.rejects(stage.openFile(`${stage.files.url}/files/1`), refused("forbidden"), target);
    }
    assert.deepEqual(stage.other.seen, []);
    assert.deepEqual([...new Set(stage.files.seen.map(({ url }) => url))], ["/files/1"]);
  });

  it("sends no request for a URL that is not the tracker's", async (t) => {
    const { openFile, files, other } = await open(t, {});
    for (const address of [
      other.url,
      `${files.url}/admin`,
      `${files.url}/files/../x`,
      "ftp://x/files/",
      "nonsense",
      "",
    ]) {
      await assert.rejects(openFile(address), refused("forbidden"), address);
    }
    assert.deepEqual([...files.seen, ...other.seen], []);
  });

  it("gives up on a redirect loop", async (t) => {
    const { openFile, files } = await open(t, { files: redirectTo("/files/again") });
    await assert.rejects(openFile(`${files.url}/files/1`), refused("invalid_response"));
    assert.ok(files.seen.length <= 5);
  });

  it("refuses a file that is too large, whether or not the server states its size", async (t) => {
    const { openFile, files } = await open(
      t,
      {
        files: ({ url }, response) => {
          if (url === "/files/told") response.writeHead(200, { "content-length": 2000 });
          response.write(Buffer.alloc(1000));
          response.end(Buffer.alloc(1000));
        },
      },
      { maxBytes: 1000 },
    );
    await assert.rejects(openFile(`${files.url}/files/told`), refused("invalid_response"));
    const { stream } = await openFile(`${files.url}/files/untold`);
    await assert.rejects(read(stream));
  });

  it("ends at the deadline, even mid-stream, and releases the slot", async (t) => {
    const { openFile, files } = await open(
      t,
      {
        files: ({ url }, response) => {
          if (url === "/files/ok") response.end("ok");
          else if (url === "/files/half") response.write("half");
        },
      },
      { deadlineMs: 80 },
    );
    await assert.rejects(openFile(`${files.url}/files/never`), refused("timeout"));
    for (let count = 0; count < 8; count++) {
      const { stream } = await openFile(`${files.url}/files/half`);
      await assert.rejects(read(stream));
    }
    assert.equal((await read((await openFile(`${files.url}/files/ok`)).stream)).toString(), "ok");
  });

  it("reports the server's message for a missing file", async (t) => {
    let status = 404;
    const { openFile, files } = await open(t, {
      files: (_, response) => {
        response.writeHead(status, { "content-type": "text/plain" });
        response.end(`no, ${secret}`);
      },
    });
    const codes = { 404: "not_found", 401: "auth", 403: "forbidden", 503: "unreachable" } as const;
    for (const [given, code] of Object.entries(codes)) {
      status = Number(given);
      await assert.rejects(openFile(`${files.url}/files/1`), refused(code));
    }
  });
});

describe("the list of file hosts", () => {
  const hosts: FileHost[] = [
    { origin: "https://files.example", login: true },
    { origin: "https://web.example", path: "/up/", login: true },
  ];
  const find = (address: string) => findFileHost(hosts, new URL(address)) !== undefined;

  it("compares scheme, host, port and path as a browser parses them", () => {
    for (const address of [
      "https://files.example/a",
      "HTTPS://FILES.EXAMPLE/a",
      "https://files.example:443/a",
      "https://web.example/up/a",
    ])
      assert.ok(find(address), address);
    for (const address of [
      "http://files.example/a",
      "https://files.example:8443/a",
      "https://files.example.evil.example/a",
      "https://xfiles.example/a",
      "https://files.example@evil.example/a",
      "https://user:pw@files.example/a",
      "https://files.example\\@evil.example/a".replace("files.example", "other.example"),
      "https://web.example/upper/a",
      "https://web.example/x/../down/a",
      "https://web.example//up/a",
      "ws://files.example/a",
    ])
      assert.ok(!find(address), address);
  });
});
