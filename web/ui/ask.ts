// One question to a device's own service, and its answer.

// With a body it is a POST, else a GET that nobody may keep a copy of.
export async function ask<T>(path: string, body?: unknown): Promise<T> {
  const response = await fetch(path, body === undefined
    ? { cache: "no-store" }
    : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  // A refusal (409, 400) carries the state and the reason, like every other answer.
  if (!response.ok && response.status !== 409 && response.status !== 400) {
    throw new Error(`${path}: ${response.status}`);
  }
  return (await response.json()) as T;
}
