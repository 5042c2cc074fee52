/** Reads a value from this browser's storage; null: not set, or storage is forbidden. */
export function readKept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch (error) {
    console.debug(error);
    return null;
  }
}

/** Stores a value in this browser; null deletes it. Returns whether that succeeded; it does not if storage is forbidden or full. */
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

/** The names of this browser's stored values that start with `prefix`. */
export function keptNames(prefix: string): readonly string[] {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(prefix));
  } catch (error) {
    console.debug(error);
    return [];
  }
}
