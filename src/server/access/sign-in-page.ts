import { createHash } from "node:crypto";
import { securityHeaders } from "./security-headers.ts";

const style = `
:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif;
  --bg: light-dark(#f7f7f5, #141414); --card: light-dark(#fff, #1c1c1c); --ink: light-dark(#1c1c1a, #ececea);
  --ink-2: light-dark(#5c5c58, #a3a39e); --line: light-dark(#e2e2de, #313130); }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--bg); color: var(--ink); }
main { box-sizing: border-box; width: min(440px, calc(100vw - 32px)); padding: 28px; background: var(--card);
  border: 1px solid var(--line); border-radius: 8px; }
h1 { margin: 0 0 8px; font-size: 16px; font-weight: 600; }
p { margin: 0 0 12px; color: var(--ink-2); } p:last-child { margin: 0; }
code { padding: 2px 6px; border-radius: 4px; background: var(--bg); color: var(--ink); font: 12px ui-monospace, monospace; }
a { color: inherit; }
`;

const styleHash = createHash("sha256").update(style).digest("base64");

/** A page for a browser that is refused. The paragraphs are HTML and must contain nothing of a request. */
function plainPage(status: number, title: string, paragraphs: readonly string[]): Response {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Panopticon</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join("\n")}
</main>
</body>
</html>
`;
  return new Response(html, {
    status,
    headers: {
      ...securityHeaders,
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    },
  });
}

/** How to get a session. `expired` if the address contained a token that is not, or no longer, valid. */
export function signInPage(expired: boolean): Response {
  return plainPage(401, expired ? "This sign-in address is no longer valid" : "This browser is not signed in", [
    "Panopticon runs on this machine for you alone. To sign a browser in, open the address that <code>pan up</code> prints; each address works once.",
    "Run <code>pan up</code> in a terminal and open the address it prints. If the server is already running, it prints the address again.",
  ]);
}

/** For links on other sites: one click on our own page leads in, which another site cannot perform. */
export function otherSitePage(): Response {
  return plainPage(403, "Opened from another site", [
    "A page on another site led here. To confirm that you want to open Panopticon, continue from this page.",
    '<a href="/">Open Panopticon</a>',
  ]);
}

/** The dashboard's files are missing. */
export function notBuiltPage(): Response {
  return plainPage(503, "The dashboard is not built", [
    "The server is running, but the dashboard files are missing. Run <code>npm run build</code> in the checkout, then reload this page.",
  ]);
}
