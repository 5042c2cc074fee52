import { Icon } from "../ui/icon.tsx";
import { Words } from "../ui/words.tsx";
import { useChanges } from "./changes-provider.tsx";
import type { Failure } from "./notices.ts";
import { Toast, ToastButton } from "./toast.tsx";

/** A change that the server did not accept; stays until it is closed. */
export function FailureToast({ failure, onClose }: { readonly failure: Failure; readonly onClose: () => void }) {
  const { what, error, edit } = failure;
  const { make } = useChanges();
  const canRepeat = edit !== undefined && error.status >= 500;
  return (
    <Toast
      icon={<Icon name="alert" className="text-bad" />}
      shownMs={null}
      role="alert"
      onClose={onClose}
      actions={canRepeat && <ToastButton onPress={() => make([edit], `${edit.issue.ref} changed`)}>Retry</ToastButton>}
    >
      <b className="font-semibold">
        <Words text={what} />.
      </b>{" "}
      <Words text={error.message} /> {error.hint !== undefined && <Words text={error.hint} />}
    </Toast>
  );
}
