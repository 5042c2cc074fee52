/** Calls whose subject may be gone or have none of what is requested. */
const mayBeGone = /^\/api\/(?:issues\/|undo$|outbox\/|agents\/|workspaces\/|views\/|files|form$|watch$)/;
/** Calls with user input, or with credentials that a tracker judges. */
const mayBeRefused =
  /^(?:POST \/api\/issues$|PATCH \/api\/issues\/|POST \/api\/\w+\/validate$|(?:POST|PATCH|PUT) \/api\/projects)/;

/** Whether an error is explained by what the user or a tracker did, and not by a call the page should not have made. */
export function isSensible(method: string, path: string, status: number, body: string): boolean {
  const code = /"code":"(\w+)"/.exec(body)?.[1];
  // A tracker's own error, passed on.
  if (/"tracker":"/.test(body)) return true;
  // Its keys, or its address, were in a file that was just corrupted.
  if (/"detail":"(?:\w+ is not connected\.|This tracker keeps no files at http:\/\/127\.0\.0\.1:)/.test(body))
    return true;
  if ([401, 403, 405, 413, 415].includes(status) || code === "internal") return false;
  if (status === 404) return mayBeGone.test(path);
  if (status === 400) return mayBeRefused.test(`${method} ${path}`);
  return true;
}
