import { createHash } from "node:crypto";
import type { CommentBlockShape, CommentShape } from "../contract/issue.ts";

/** Few enough that an edited comment takes little along, and many enough that the versions of thousands fit into an address. */
const commentsPerBlock = 100;

/**
 * Divides comments, oldest first, into blocks, and leaves those out that the caller has. `known`: versions of such blocks, comma-separated; undefined: the
 * caller does not ask for blocks.
 */
export function withoutKnownBlocks(
  comments: readonly CommentShape[],
  known: string | undefined,
): { comments: CommentShape[]; commentBlocks?: CommentBlockShape[] } {
  if (known === undefined) return { comments: [...comments] };
  const versions = new Set(known.split(","));
  const left: CommentShape[] = [];
  const commentBlocks: CommentBlockShape[] = [];
  for (let start = 0; start < comments.length; start += commentsPerBlock) {
    const block = comments.slice(start, start + commentsPerBlock);
    const version = createHash("sha256").update(JSON.stringify(block)).digest("base64url").slice(0, 10);
    commentBlocks.push({ version, count: block.length });
    if (!versions.has(version)) left.push(...block);
  }
  return { comments: left, commentBlocks };
}
