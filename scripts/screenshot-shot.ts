import type { Page } from "playwright-core";

/** A picture: where it is taken, and what is done there before. */
export type Shot = {
  readonly name: string;
  readonly path: string;
  readonly prepare?: (page: Page) => Promise<void>;
  /** Not on a phone: there is no such state. */
  readonly wide?: boolean;
};
