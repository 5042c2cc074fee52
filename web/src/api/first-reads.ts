type FirstRead = {
  /** `performance.now()` at the time of the request, in milliseconds. */
  readonly askedAt: number;
  /** Resolves to undefined if the request failed. */
  readonly answer: Promise<unknown>;
  /** The response, once it has arrived. */
  readonly content?: unknown;
};

declare global {
  interface Window {
    /** The requests that `start.js` sent before the dashboard's code was loaded, by path and query. */
    firstReads?: Partial<Record<string, FirstRead>>;
  }
}

/** Ignore early responses older than this; the page fetches afresh instead. */
const usableMs = 10_000;

/** Takes the early request for this address, if there is one and it is recent enough; each can be taken once. */
export function takeFirstRead(address: string): FirstRead | undefined {
  const read = window.firstReads?.[address];
  if (read === undefined) return undefined;
  delete window.firstReads?.[address];
  return performance.now() - read.askedAt > usableMs ? undefined : read;
}

/** Takes an early response if it has already arrived, for the very first render. */
export function takeFirstAnswer(address: string): { readonly content: unknown; readonly askedAt: number } | undefined {
  const read = window.firstReads?.[address];
  if (read?.content === undefined) return undefined;
  delete window.firstReads?.[address];
  return { content: read.content, askedAt: read.askedAt };
}

/** Resolves when all early requests are answered, at the latest after `maxMs` milliseconds. */
export async function untilFirstAnswers(maxMs: number): Promise<void> {
  const answers = Object.values(window.firstReads ?? {}).flatMap((read) => read?.answer ?? []);
  await Promise.race([Promise.all(answers), new Promise((resolve) => setTimeout(resolve, maxMs))]);
}
