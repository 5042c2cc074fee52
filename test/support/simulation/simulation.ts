/** A number of random runs against one tracker's emulator. */
export type Simulation = { readonly tracker: string; readonly runs: number };

/** A request to the thread. */
export type Asked = { readonly kind: "sync" | "writes"; readonly simulation: Simulation };

/** The outcome; null: passed. */
export type Ended = { readonly failure: Error | null };
