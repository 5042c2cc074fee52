/** What a file takes that is not in the table. */
export const shortSeconds = 3;

/** How long the longer test files take on a machine with nothing else to do, in seconds: by it the order of a run is chosen. No test depends on it. */
export const testSeconds: Readonly<Record<string, number>> = {};
