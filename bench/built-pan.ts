import { join } from "node:path";

// What is measured and killed is the built program, as with `npm test`; it starts in a fraction of the time that its sources need.
process.env["PAN_UNDER_TEST"] ??= join(import.meta.dirname, "..", "dist", "pan.js");
