import { defineConfig } from "tsdown";
import { loadedSooner } from "./scripts/loaded-sooner.ts";
import { recordPackages } from "./scripts/notices.ts";

/**
 * What `pan issues` runs: with a server the first of these, without one the second too. Start-up time is the time of loading, and every file costs half a
 * millisecond, so each of them and what it imports is one chunk. What other commands need stays in chunks of its own.
 */
const asking = /src[\\/]cli[\\/](?:run|reading[\\/]reading|commands[\\/]issues)\.ts$/;
const listing = /src[\\/](?:cli[\\/](?:reading[\\/]mirror-reading|open-mirror)|store[\\/]open-store)\.ts$/;

/** What `--sync` needs besides. */
const syncing = /src[\\/]cli[\\/]sync-now\.ts$/;

// Built-in modules that a listing would load without using them, at a twentieth of its time each.
const noChildProcess = "\0no-child-process";
const lazyCrypto = "\0lazy-crypto";

/** What every agent loads before it begins must not bring the listing along. */
const errors = /src[\\/]domain[\\/]error\.ts$/;

/** `pan` as it is shipped: one small entry, everything else in chunks that are loaded when a command needs them. */
export default defineConfig({
  entry: { pan: "src/cli/main.ts" },
  outDir: "dist",
  // The dashboard is built into dist/web by Vite.
  clean: false,
  format: "esm",
  platform: "node",
  target: "node24",
  minify: true,
  dts: false,
  sourcemap: false,
  fixedExtension: false,
  hash: true,
  report: false,
  deps: {
    alwaysBundle: [/./],
    // pg asks for it where somebody has installed it.
    neverBundle: ["pg-native"],
    onlyBundle: false,
  },
  plugins: [
    recordPackages("pan"),
    loadedSooner({ always: ["pan", "asking"], often: ["errors", "syncing", "listing"] }),
    {
      name: "builtins-when-they-are-used",
      resolveId(id, importer = "") {
        if (id === "node:child_process" && /[\\/]commander[\\/]/.test(importer)) return noChildProcess;
        if (id === "node:crypto" && /[\\/]src[\\/]store[\\/]/.test(importer)) return lazyCrypto;
        return null;
      },
      load(id) {
        // commander starts programs for commands that are files of their own; pan has none.
        if (id === noChildProcess) return "export default {};";
        // The store makes digests and ids when it writes.
        if (id === lazyCrypto) {
          const call = (name: string) =>
            `export const ${name} = (...args) => process.getBuiltinModule("node:crypto").${name}(...args);`;
          return ["createHash", "randomUUID"].map(call).join("\n");
        }
        return null;
      },
    },
  ],
  outputOptions: {
    chunkFileNames: "pan-[name]-[hash].js",
    codeSplitting: {
      groups: [
        { name: "errors", test: errors, priority: 2 },
        { name: "asking", test: asking, priority: 1 },
        { name: "syncing", test: syncing, priority: 1 },
        { name: "listing", test: listing },
      ],
    },
  },
});
