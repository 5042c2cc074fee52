import { useEffect } from "react";
import { decodePercent } from "../../../src/domain/decode-percent.ts";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { ShadowForAll } from "./shadow-for-all.tsx";
import { TrackerCard } from "./tracker-card.tsx";

export function TrackersTab({ trackers }: { readonly trackers: readonly TrackerShape[] }) {
  // A tracker's row in the sidebar links to its card.
  useEffect(() => {
    const show = () => {
      const id = decodePercent(location.hash.slice(1));
      if (id !== "") document.getElementById(`tracker-${id}`)?.scrollIntoView({ block: "start" });
    };
    show();
    addEventListener("hashchange", show);
    return () => removeEventListener("hashchange", show);
  }, []);
  return (
    <>
      <ShadowForAll />
      {trackers.map((tracker) => (
        <TrackerCard key={tracker.connection} tracker={tracker} />
      ))}
    </>
  );
}
