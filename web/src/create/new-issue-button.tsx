import { useDialogs } from "../shell/dialog-control.ts";
import { Icon } from "../ui/icon.tsx";

export function NewIssueButton() {
  const { open, preload } = useDialogs();
  return (
    <button
      type="button"
      className="button new-issue"
      data-kind="primary"
      onPointerEnter={() => preload("create")}
      onFocus={() => preload("create")}
      onClick={() => open({ kind: "create" })}
    >
      <Icon name="plus" />
      <span className="read-on-phone">New issue</span>
      <kbd aria-hidden="true" className="not-phone">
        C
      </kbd>
    </button>
  );
}
