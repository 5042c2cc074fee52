import { PanopticonError, type ErrorCode } from "../../domain/error.ts";

/** The error for a status that the tracker's own policy does not handle. */
export function toStatusError(
  answer: { readonly status: number; readonly text: string },
  context: { readonly tracker: string; readonly request: string; readonly host: string },
): PanopticonError {
  const { status } = answer;
  const code: ErrorCode =
    status === 401
      ? "auth"
      : status === 403 || status === 451
        ? "forbidden"
        : status === 404
          ? "not_found"
          : status === 410
            ? "gone"
            : status === 409 || status === 412
              ? "conflict"
              : status === 400 || status === 422
                ? "invalid_input"
                : status >= 500
                  ? "unreachable"
                  : "invalid_response";
  const words = answer.text.trim().startsWith("<") ? "" : answer.text.trim().slice(0, 300);
  return new PanopticonError(
    code,
    `${context.host} responded with ${status}${words === "" ? "" : `: ${words}`}`.replace(/[.\s]*$/, "."),
    {
      tracker: context.tracker,
      request: context.request,
      hint:
        status >= 500
          ? "The tracker has a problem; Panopticon retries."
          : code === "conflict"
            ? "Someone else changed it at the same time. Check the tracker's current value, then retry or drop the change."
            : status === 401
              ? "Check the credentials; they may have expired or been revoked."
              : "Check the server's address and the permissions of the credentials.",
    },
  );
}
