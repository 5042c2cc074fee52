import { type ApiError, isApiError } from "../api/client.ts";

/** Sends a change whose earlier attempt may have arrived. A refusal is no failure if it means that it had: `isDone` says so. */
export async function sendAgain(
  send: () => Promise<unknown>,
  isRepeated: boolean,
  isDone: (refusal: ApiError) => boolean | Promise<boolean>,
): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (!isRepeated || !isApiError(error) || !(await isDone(error))) throw error;
  }
}

/** For a deletion: there is nothing left to delete. */
export function isNothingLeft({ code }: ApiError): boolean {
  return code === "not_found";
}

/** For what is sent with an idempotency key: the server was ended before it had an answer to the first attempt. */
export function wasInterrupted({ code }: ApiError): boolean {
  return code === "conflict";
}
