/** How many requests of one user are served concurrently; the others queue. */
const atOnce = 12;
/** How long a response occupies a slot. */
const servedMs = 4;

/** Returns a function that gives the delay of a user's response behind that user's other requests. */
export function createBusyness(): (key: string) => number {
  const places = new Map<string, number[]>();
  return (key) => {
    const now = performance.now();
    const own = (places.get(key) ?? []).filter((freeAt) => freeAt > now).sort((a, b) => a - b);
    const start = own.length < atOnce ? now : (own[own.length - atOnce] ?? now);
    own.push(start + servedMs);
    places.set(key, own);
    return Math.ceil(start - now);
  };
}
