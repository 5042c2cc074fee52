import type { TestContext } from "node:test";

/** `it`, with the subject's skips. */
export type Register = (name: string, test: (t: TestContext) => Promise<void>) => void;
