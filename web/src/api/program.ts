/** Whether the server serves a different build of the dashboard than the one running, that is, Panopticon was updated. False if it does not answer. */
export async function isOutdated(): Promise<boolean> {
  try {
    const response = await fetch("/", { cache: "no-store", credentials: "same-origin" });
    if (!response.ok) return false;
    const page = await response.text();
    // Their names contain a content hash.
    const own = document.querySelectorAll<HTMLScriptElement>("script[type=module][src]");
    return [...own].some(({ src }) => !page.includes(new URL(src).pathname));
  } catch (error) {
    console.debug(error);
    return false;
  }
}
