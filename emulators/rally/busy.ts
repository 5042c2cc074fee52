/** Requests of one user that are answered at once; the others wait their turn. */
const atOnce = 12;
/** How long an answer occupies one of these places. */
const servedMs = 4;

/** How much later than now an answer leaves, with what the same user asks besides. */
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
