/**
 * The program of Debian's package chromium-headless-shell: Chromium without windows and what lies around a page, of one source and one version with the package
 * chromium. Its pages cost about half the processor time.
 */
export const headlessShell = "/usr/bin/chromium-headless-shell";
