/** So many made-up runs against one tracker's emulator. */
export type Simulation = { readonly tracker: string; readonly runs: number };

/** What the thread is to run. */
export type Asked = { readonly kind: "sync" | "writes"; readonly simulation: Simulation };

/** How it ended; null: it held. */
export type Ended = { readonly failure: Error | null };
