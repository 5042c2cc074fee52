import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { recordPackages } from "./scripts/notices.ts";

/** The dashboard: `web/` in, `dist/web/` out, served by the server. In development `PANOPTICON_URL` names the server behind it. */
export default defineConfig({
  root: "web",
  plugins: [react(), tailwindcss(), recordPackages("web")],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    // Browsers that have light-dark(); older targets would get every colour twice.
    target: ["chrome123", "firefox120", "safari17.5"],
    // The Content-Security-Policy allows no data: scripts or styles; files stay files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the first page runs is one file: a dozen small ones take longer to fetch and to link.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "start", tags: ["$initial"] }] } } },
  },
  worker: { format: "es" },
  server: {
    port: 3012,
    proxy: { "/api": { target: process.env["PANOPTICON_URL"] ?? "http://127.0.0.1:3011", changeOrigin: true } },
  },
});
