const chordMs = 1000;

/** Tells of each key whether it is the second one of “go to”, after G. It is to be told all keys. */
export function createAfterG(): (event: KeyboardEvent) => boolean {
  let afterG = -chordMs;
  return (event) => {
    const isSecond = event.timeStamp - afterG < chordMs;
    afterG = event.key === "g" || event.key === "G" ? event.timeStamp : -chordMs;
    return isSecond;
  };
}
