import assert from "node:assert/strict";
import { request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ServerEnv } from "../env.ts";
import { readDelivery } from "./read-delivery.ts";

test("stops waiting for a body that does not arrive", async (t) => {
  const app = new Hono<ServerEnv>();
  app.post("/", async (c) => {
    await readDelivery(c, 0, 50);
    return c.text("read");
  });
  app.onError((error, c) => c.text(String(error), error instanceof HTTPException ? error.status : 500));
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const status = await new Promise<number>((resolve, reject) => {
    const sent = request({ port, method: "POST", path: "/", headers: { "content-length": "100" } }, (answer) => {
      resolve(answer.statusCode ?? 0);
      sent.destroy();
    });
    sent.on("error", reject);
    sent.write("only a part");
  });
  assert.equal(status, 408);
});
