import { defineConfig } from "tsdown";

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
  outputOptions: { chunkFileNames: "pan-[name]-[hash].js" },
});
