import type { TestContext } from "node:test";

/** `it`, applying the subject's skips. */
export type Register = (name: string, test: (t: TestContext) => Promise<void>) => void;
