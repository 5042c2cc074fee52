import type { DialogProps } from "./dialog-props.ts";
import { DialogFrame } from "./dialog.tsx";
import { shortcuts } from "./shortcuts.ts";
import "./shortcuts-dialog.css";

export function ShortcutsDialog({ onClose }: DialogProps) {
  const places = [...new Set(shortcuts.map(({ where }) => where))];
  return (
    <DialogFrame label="Keyboard shortcuts" title="Keyboard shortcuts" onClose={onClose} className="shortcuts-dialog">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrollable text must be reachable by keyboard */}
      <section className="overflow-y-auto px-5 pb-4" tabIndex={0} aria-label="All shortcuts">
        <div className="shortcuts">
          {places.map((place) => (
            <section key={place}>
              <h3 className="pt-4 pb-1 text-11 font-semibold text-ink-3">{place}</h3>
              <dl>
                {shortcuts
                  .filter(({ where }) => where === place)
                  .map(({ keys, what }) => (
                    <div key={keys.join()} className="flex items-center justify-between gap-4 text-12">
                      <dt className="text-ink-2">{what}</dt>
                      <dd className="flex flex-none gap-1">
                        {keys.map((key) => (
                          <kbd key={key}>{key}</kbd>
                        ))}
                      </dd>
                    </div>
                  ))}
              </dl>
            </section>
          ))}
        </div>
        <p className="mt-4 text-11 text-ink-3">Single keys are off while a text field has focus.</p>
      </section>
    </DialogFrame>
  );
}
