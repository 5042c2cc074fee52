import type { CommentBlockShape, CommentShape } from "../../../src/server/contract/issue.ts";

/** The part of an answer that has an issue's comments. */
export type ReadComments = {
  readonly comments: CommentShape[];
  readonly commentBlocks?: CommentBlockShape[] | undefined;
};

/** Comments that need not be sent again, in the blocks in which the server counts them. */
export type KnownComments = {
  /** Asks a call to leave them out. */
  query(): URLSearchParams;
  /** The answer with the comments that were left out of it. */
  complete<T extends ReadComments>(answer: T): T;
};

/** About as many versions as the server accepts in an address; the newest, because those are read most. */
const mostVersions = 700;

/** The comments of earlier answers about an issue. */
export function knownComments(answers: readonly ReadComments[]): KnownComments {
  const blocks = new Map<string, readonly CommentShape[]>();
  for (const { comments, commentBlocks = [] } of answers) {
    let start = 0;
    for (const { version, count } of commentBlocks) {
      blocks.set(version, comments.slice(start, start + count));
      start += count;
    }
  }
  const versions = [...blocks.keys()].slice(-mostVersions);
  return {
    query: () => new URLSearchParams({ known: versions.join(",") }),
    complete(answer) {
      if (answer.commentBlocks === undefined) return answer;
      let start = 0;
      const comments = answer.commentBlocks.flatMap(({ version, count }) => {
        const known = versions.includes(version) ? blocks.get(version) : undefined;
        if (known !== undefined) return known;
        start += count;
        return answer.comments.slice(start - count, start);
      });
      return { ...answer, comments };
    },
  };
}
