/** The program of Debian's package firefox-esr. */
export const firefoxPath = "/usr/bin/firefox-esr";
