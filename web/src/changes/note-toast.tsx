import { Icon } from "../ui/icon.tsx";
import { Words } from "../ui/words.tsx";
import type { Notices } from "./notices.ts";
import { leastMs, Toast, UndoButton } from "./toast.tsx";

const noteMs = 4000;
/** A long note takes longer to read. */
const msPerCharacter = 50;

type NoteToastProps = { readonly note: NonNullable<Notices["note"]>; readonly onClose: () => void };

/** A sentence about what happened, with its undo if there is one. */
export function NoteToast({ note: { text, undo }, onClose }: NoteToastProps) {
  return (
    <Toast
      icon={<Icon name="info" className="text-ink-3" />}
      shownMs={undo === undefined ? Math.max(noteMs, text.length * msPerCharacter) : leastMs}
      onClose={onClose}
      actions={undo !== undefined && <UndoButton onUndo={undo} />}
    >
      <Words text={text} />
    </Toast>
  );
}
