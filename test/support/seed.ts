import fc from "fast-check";

// Loaded before a test file when `SEED` is set: every property in it is tried with that seed, as the run was that printed it.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env["SEED"]) });
