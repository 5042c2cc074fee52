type FirstRead = {
  /** On the page's clock, in milliseconds. */
  readonly askedAt: number;
  /** Resolves to undefined where there was no good answer. */
  readonly answer: Promise<unknown>;
  /** The answer once it is there. */
  readonly content?: unknown;
};

declare global {
  interface Window {
    /** What `start.js` asked for before the dashboard's code was there, by path and query. */
    firstReads?: Partial<Record<string, FirstRead>>;
  }
}

/** Later than this the page would rather have news. */
const usableMs = 10_000;

/** Takes the read of this address that the page began before its code was there; undefined when there is none, or no more. */
export function takeFirstRead(address: string): FirstRead | undefined {
  const read = window.firstReads?.[address];
  if (read === undefined) return undefined;
  delete window.firstReads?.[address];
  return performance.now() - read.askedAt > usableMs ? undefined : read;
}

/** Takes such an answer where it is there already: for the very first drawing. */
export function takeFirstAnswer(address: string): { readonly content: unknown; readonly askedAt: number } | undefined {
  const read = window.firstReads?.[address];
  if (read?.content === undefined) return undefined;
  delete window.firstReads?.[address];
  return { content: read.content, askedAt: read.askedAt };
}

/** Resolves when all that the page asked for before its code was there is answered; after `maxMs` milliseconds in any case. */
export async function untilFirstAnswers(maxMs: number): Promise<void> {
  const answers = Object.values(window.firstReads ?? {}).flatMap((read) => read?.answer ?? []);
  await Promise.race([Promise.all(answers), new Promise((resolve) => setTimeout(resolve, maxMs))]);
}
