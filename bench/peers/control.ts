/** The requests received by an emulator in another process. */
export type Traffic = { readonly requests: number; readonly bytes: number };

async function call(control: string, path: string, method: string, body?: unknown): Promise<Response> {
  const response = await fetch(`${control}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response;
}

/** Requests and response bytes since the last call; resets the count. */
export async function takeTraffic(control: string): Promise<Traffic> {
  const { count, requests } = (await (await call(control, "/requests", "GET")).json()) as {
    count: number;
    requests: { bytes: number }[];
  };
  await call(control, "/requests", "DELETE");
  return { requests: count, bytes: requests.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Delays every response by this many milliseconds; 0 ends it. */
export async function delayAnswers(control: string, ms: number): Promise<void> {
  await call(control, "/faults", "DELETE");
  if (ms > 0) await call(control, "/faults", "POST", { kind: "slow", value: ms, times: null });
}
