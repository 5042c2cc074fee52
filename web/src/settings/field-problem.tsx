import type { ApiError } from "../api/client.ts";
import { Words } from "../ui/words.tsx";

/** A field's validation message, right below it. */
export function FieldProblem({ id, error }: { readonly id: string; readonly error: ApiError | null }) {
  return (
    <span
      id={id}
      className="mt-1 block text-11 text-bad wrap-anywhere empty:hidden"
      role={error === null ? undefined : "alert"}
    >
      {error !== null && <Words text={[error.message, error.hint].filter(Boolean).join(" ")} />}
    </span>
  );
}
