import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { firefox } from "playwright-core";
import { asTestBrowser, type TestBrowser } from "./open-browser.ts";

/**
 * A real Firefox with its own profile. What playwright-core types into a field with `fill` and `insertText` goes unnoticed by React: use the keyboard. There are
 * no routes held back, no touch and no emulated media.
 */
export async function openFirefox(): Promise<TestBrowser> {
  const profile = await mkdtemp(join(tmpdir(), "panopticon-firefox-"));
  const context = await firefox.launchPersistentContext(profile, {
    channel: "moz-firefox",
    executablePath: process.execPath,
    ignoreDefaultArgs: true,
    args: [join(import.meta.dirname, "firefox-process.ts"), profile],
    firefoxUserPrefs: {
      // Reduced motion; without a graphics card every frame is costly.
      "ui.prefersReducedMotion": 1,
      // No requests of its own.
      "app.update.enabled": false,
      "browser.safebrowsing.update.enabled": false,
      "datareporting.policy.dataSubmissionEnabled": false,
      "extensions.update.enabled": false,
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
      "services.settings.server": "data:,",
    },
    viewport: { width: 1440, height: 900 },
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  return asTestBrowser(context, profile);
}
