/** What this browser keeps under a key for the next visit; null: nothing, or storage is forbidden. */
export function readKept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch (error) {
    console.debug(error);
    return null;
  }
}

/** Keeps a text in this browser; null forgets it. Gives whether that was done: where storage is forbidden or full it is not, and the page goes on. */
export function writeKept(key: string, text: string | null): boolean {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
    return true;
  } catch (error) {
    console.debug(error);
    return false;
  }
}
