import fc from "fast-check";

// Preloaded when `SEED` is set: all properties use that seed, repeating the run that printed it.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env["SEED"]) });
