/**
 * The program of Debian's package chromium-headless-shell: Chromium without windows and what lies around a page, of one source and one version with the package
 * chromium. A test file takes a fifth to a third less processor time with it.
 */
export const headlessShell = "/usr/bin/chromium-headless-shell";
