import { useThemeChoice, type ThemeChoice } from "../shell/theme.ts";

const choices: readonly { readonly id: ThemeChoice; readonly label: string; readonly note: string }[] = [
  { id: "system", label: "System", note: "follows this machine" },
  { id: "light", label: "Light", note: "always" },
  { id: "dark", label: "Dark", note: "always" },
];

/** The dashboard's appearance in this browser. */
export function AppearanceTab() {
  const [chosen, choose] = useThemeChoice();
  return (
    <>
      <div className="section-head">
        <h2 id="theme">Theme</h2>
        <p>Saved in this browser.</p>
      </div>
      <div className="theme-choices" role="radiogroup" aria-labelledby="theme">
        {choices.map(({ id, label, note }) => (
          <label key={id} className="theme-choice">
            {id === "system" ? (
              <span className="theme-halves">
                <Sample theme="light" columns={1} />
                <Sample theme="dark" columns={1} />
              </span>
            ) : (
              <Sample theme={id} />
            )}
            <span className="flex flex-wrap items-center gap-x-2">
              <input
                type="radio"
                className="sr-only"
                name="theme"
                value={id}
                checked={chosen === id}
                onChange={() => choose(id)}
              />
              <b className="font-semibold">{label}</b>
              <span className="text-ink-3">{note}</span>
            </span>
          </label>
        ))}
      </div>
    </>
  );
}

/** A miniature board. */
function Sample({ theme, columns = 3 }: { readonly theme: "light" | "dark"; readonly columns?: number }) {
  return (
    <span className="theme-sample" style={{ colorScheme: theme }} aria-hidden>
      <i />
      {Array.from({ length: columns }, (_, column) => (
        <span key={column}>
          {Array.from({ length: 3 - (column % 2) }, (_item, card) => (
            <b key={card} />
          ))}
        </span>
      ))}
    </span>
  );
}
