/** Whether the server gives out another build of the dashboard than the one that runs here: Panopticon was updated. False while it does not answer. */
export async function isOutdated(): Promise<boolean> {
  try {
    const response = await fetch("/", { cache: "no-store", credentials: "same-origin" });
    if (!response.ok) return false;
    const page = await response.text();
    // Their names carry their content's hash.
    const own = document.querySelectorAll<HTMLScriptElement>("script[type=module][src]");
    return [...own].some(({ src }) => !page.includes(new URL(src).pathname));
  } catch (error) {
    console.debug(error);
    return false;
  }
}
