import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { PanopticonError, toPanopticonError } from "../../domain/error.ts";
import { nearestWord } from "../../domain/nearest-word.ts";
import type { ServerEnv } from "../env.ts";
import { dataPolicy } from "../access/security-headers.ts";
import type { Services } from "../services.ts";
import { failures } from "./responses.ts";

const filesRoute = createRoute({
  method: "get",
  path: "/api/files",
  summary: "An attachment, image or avatar from a tracker, opened with its login",
  request: {
    query: z.object({
      connection: z.string().max(200).openapi({ description: "As named by GET /api/trackers" }),
      url: z.string().max(4000).openapi({
        example: "https://uploads.linear.app/…",
        description: "Its address in the tracker; only that tracker's own places (`fileHosts` of GET /api/trackers)",
      }),
    }),
  },
  responses: {
    ...failures([400, 404, 502]),
    200: {
      description: "The file. Images (except SVG) are shown inline, everything else is a download",
      content: { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } },
    },
  },
});

/** Types that a browser may show directly: pure raster images. */
const shownTypes = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"]);

/** Types that downloads may keep. A program that opens the download could take any other one for a page or a program. */
const plainType = /^(?:image|audio|video|font)\/[a-z0-9.+-]+$|^application\/(?:pdf|zip|gzip|json)$|^text\/plain$/;

/** An avatar or a screenshot is requested repeatedly while the board is open. */
const shownForSeconds = 600;

export function addFileRoute(app: OpenAPIHono<ServerEnv>, services: Services): void {
  const { sync, config, log } = services;

  app.openapi(filesRoute, async (c) => {
    const { connection, url } = c.req.valid("query");
    const known = config.current().connections.map(({ id }) => id);
    if (!known.includes(connection)) {
      const nearest = nearestWord(connection, known);
      throw new PanopticonError("not_found", `There is no connection called “${connection}”.`, {
        hint: nearest === undefined ? `Available: ${known.join(", ")}.` : `Did you mean “${nearest}”?`,
        candidates: nearest === undefined ? known : [nearest],
      });
    }
    const file = await sync.openFile(connection, url, c.req.raw.signal);
    const isHead = c.req.raw.method === "HEAD";
    if (isHead) await file.stream.cancel();
    const type = (file.contentType ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    const stream = () =>
      endWith(file.stream, (error) => {
        log.warn({ err: toPanopticonError(error), connection }, "a file broke off");
        c.env.outgoing.destroy();
      });
    const shown = shownTypes.has(type);
    return new Response(isHead ? null : stream(), {
      headers: {
        "content-type": plainType.test(type) ? type : "application/octet-stream",
        "content-disposition": shown ? "inline" : "attachment",
        "content-security-policy": dataPolicy,
        "x-content-type-options": "nosniff",
        "cache-control": shown || type.startsWith("image/") ? `private, max-age=${shownForSeconds}` : "no-store",
      },
    });
  });
}

/** The same stream, ending instead of failing: the status was already sent, so only the closed connection can signal the error. */
function endWith(source: ReadableStream<Uint8Array>, onError: (error: unknown) => void): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        onError(error);
        controller.close();
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
