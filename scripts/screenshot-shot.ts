import type { Page } from "playwright-core";

/** A screenshot: its path, and what to do there first. */
export type Shot = {
  readonly name: string;
  readonly path: string;
  readonly prepare?: (page: Page) => Promise<void>;
  /** Not on a phone, where this state does not exist. */
  readonly wide?: boolean;
};
