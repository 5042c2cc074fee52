import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { recordPackages } from "./scripts/notices.ts";

/** Puts something into the page itself, at a place that it names. */
function fillIn(name: string, place: string, make: () => string): Plugin {
  return {
    name,
    transformIndexHtml: {
      order: "pre",
      handler(html) {
        if (!html.includes(place)) throw new Error(`web/index.html has no ${place}`);
        return html.replace(place, make);
      },
    },
  };
}

/**
 * `web/start.js` stands in the page, which saves the time of fetching it before anything else can be asked for. The server allows it by its digest
 * (`src/server/static-files.ts`).
 */
const inlineStart = fillIn("inline-start", '<script src="./start.js"></script>', () => {
  const script = readFileSync(join(import.meta.dirname, "web", "start.js"), "utf8");
  return `<script>\n${script.replaceAll(/^ *\/\/.*\n/gm, "")}</script>`;
});

/** The trackers' glyphs, a file in each one's folder, stand among the page's shapes: `t-` and the tracker's name, in the colour that the file says. */
const trackerGlyphs = fillIn("tracker-glyphs", "<!-- tracker glyphs -->", () =>
  globSync("src/trackers/*/glyph.svg", { cwd: import.meta.dirname })
    .toSorted()
    .map(toShape)
    .join("\n"),
);

function toShape(file: string): string {
  const found = /^<svg [^>]*?(style="[^"]*")[^>]*>(.*)<\/svg>\s*$/s.exec(
    readFileSync(join(import.meta.dirname, file), "utf8"),
  );
  if (found === null) throw new Error(`${file} is no <svg … style="color: …">…</svg>`);
  return `<g id="t-${basename(dirname(file))}" ${found[1]}>${found[2]}</g>`;
}

/** The dashboard: `web/` in, `dist/web/` out, served by the server. In development `PANOPTICON_URL` names the server behind it. */
export default defineConfig({
  root: "web",
  plugins: [react(), tailwindcss(), inlineStart, trackerGlyphs, recordPackages("web")],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    // Browsers that have light-dark(), without which every colour would be there twice, and URL.parse(): as README.md says.
    target: ["chrome126", "firefox126", "safari18"],
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
