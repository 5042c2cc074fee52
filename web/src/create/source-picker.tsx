import { connectionLabel, toneColors } from "../shell/tracker-sentence.ts";
import { TrackerGlyph } from "../ui/icon.tsx";
import { PickerButton } from "../ui/picker-button.tsx";
import { shortNames } from "./short-names.ts";
import { sourceName, SourceRow, type SourceRowProps, trouble } from "./source-row.tsx";

/** Projects with no more sources than this show them all side by side. */
const fewSources = 12;

/** Chooses one of the project's sources: side by side if there are few, from a list that can be searched if there are many. */
export function SourcePicker(props: SourceRowProps) {
  return props.sources.length > fewSources ? <SourceMenu {...props} /> : <SourceRow {...props} />;
}

function SourceMenu({ sources, chosen, trackers, onChoose }: SourceRowProps) {
  const trackerOf = (connection: string) => trackers.find((one) => one.connection === connection);
  const names = shortNames(sources.map((source) => sourceName(source, trackerOf(source.connection))));
  const at = sources.findIndex(({ id }) => id === chosen);
  const wrong = trouble(trackerOf(sources[at]?.connection ?? ""));
  return (
    <PickerButton
      label="Source"
      placeholder="Source"
      value={
        <>
          {at !== -1 && <TrackerGlyph tracker={sources[at]?.tracker ?? ""} />}
          <span className="truncate">{names[at]}</span>
          {wrong !== null && <i className="dot" style={{ color: toneColors[wrong.tone] }} title={wrong.words} />}
        </>
      }
      list={{
        placeholder: "Source",
        entries: sources.map(({ id, tracker: trackerId, connection, key }, index) => {
          const tracker = trackerOf(connection);
          return {
            id,
            label: names[index] ?? key,
            also: key,
            icon: <TrackerGlyph tracker={trackerId} />,
            more: tracker === undefined ? trackerId : connectionLabel(tracker),
            checked: id === chosen,
          };
        }),
        onChoose,
      }}
    />
  );
}
