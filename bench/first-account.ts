import { createFirstToken } from "@energsys/server";
import type { Database } from "@energsys/store";

/** Calls of the first person of a fresh installation, as their browser sends them. @throws Error with the answer of a call that fails */
export type Caller = (
  path: string,
  options?: { readonly method?: string; readonly body?: object },
) => Promise<Response>;

export async function firstAccount(db: Database, url: string, language: "en" | "ro"): Promise<Caller> {
  const person = { name: "bench", displayName: "Measuring", password: "long enough to measure", language };
  const send = (path: string, headers: Record<string, string>, method: string, body: object | undefined) =>
    fetch(`${url}/api${path}`, {
      method,
      headers: { origin: url, ...(body && { "content-type": "application/json" }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
  const first = await send("/first-account", {}, "POST", {
    ...person,
    token: await createFirstToken(db, Date.now()),
  });
  if (!first.ok) throw new Error(await first.text());
  const cookie = first.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
  const { csrfToken } = (await first.json()) as { csrfToken: string };
  return async (path, { method = "GET", body } = {}) => {
    const answer = await send(path, { cookie, "x-csrf-token": csrfToken }, method, body);
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer;
  };
}
