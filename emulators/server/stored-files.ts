import { crc32, deflateSync } from "node:zlib";
import type { WorldFile } from "../emulator.ts";
import type { WireReply } from "./http-server.ts";

/** Uploaded files, by the last segment of their path. */
export type StoredFiles = Map<string, WorldFile>;

/** The response with a stored file. */
export function fileReply(file: WorldFile): WireReply {
  return {
    status: 200,
    headers: { "Content-Type": file.contentType, "Cache-Control": "private, max-age=300" },
    body: "",
    content: file.content,
  };
}

const width = 320;
const height = 180;

const drawn = new Map<number, WorldFile>();

/** A picture of a bar chart like a screenshot, different for each `variant`. Cached. */
export function screenshot(variant: number): WorldFile {
  const file = drawn.get(variant) ?? draw(variant);
  drawn.set(variant, file);
  return file;
}

function draw(variant: number): WorldFile {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bar = Math.floor(x / 32);
      const top = 20 + ((bar * 37 + variant * 53) % 120);
      const inBar = x % 32 > 6 && y >= top && y < height - 12;
      const [r, g, b] = inBar
        ? [59 + bar * 8, 110, 165 - variant * 20]
        : y === height - 12
          ? [90, 98, 112]
          : [238, 241, 245];
      rows.set([r ?? 0, g ?? 0, b ?? 0], y * (width * 3 + 1) + 1 + x * 3);
    }
  }
  return { name: `Screenshot ${variant + 1}.png`, contentType: "image/png", content: png(rows) };
}

/** https://www.w3.org/TR/png-3/: signature, header, the deflated rows, end. Eight bits per channel, no transparency. */
function png(rows: Buffer): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([size, named, check]);
}
