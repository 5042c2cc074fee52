const chordMs = 1000;

/** Returns a function that must see every key and tells whether it is the second key of a “go to” chord, after G. */
export function createAfterG(): (event: KeyboardEvent) => boolean {
  let afterG = -chordMs;
  return (event) => {
    const isSecond = event.timeStamp - afterG < chordMs;
    afterG = event.key === "g" || event.key === "G" ? event.timeStamp : -chordMs;
    return isSecond;
  };
}
