import { join } from "node:path";

// Measure and kill the built program, as `npm test` does; it starts in a fraction of the sources' time.
process.env["PAN_UNDER_TEST"] ??= join(import.meta.dirname, "..", "dist", "pan.js");
