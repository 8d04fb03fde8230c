import { expect, test } from "vitest";
import { contract, type Operation } from "../src/contract.ts";
import { limits } from "../src/limits.ts";
import { firstAccount, host, origin, testServer } from "./harness.ts";

const server = await testServer();
const person = await firstAccount(server);

/** What a caller may ask of us at most; a change here is a decision. */
test.each([
  ["bytes of a body", limits.bodyBytesMax, 1_048_576],
  ["depth of a body", limits.jsonDepthMax, 32],
  ["time of the headers", limits.headersTimeoutMs, 10_000],
  ["time of a call", limits.requestTimeoutMs, 30_000],
  ["calls a minute without a session", limits.anonymousPerMinute, 60],
  ["calls a minute of a person", limits.userPerMinute, 600],
  ["sign-ins a minute of an address", limits.loginPerMinute, 10],
  ["files a minute", limits.exportPerMinute, 6],
])("%s: %i", (_, actual, expected) => {
  expect(actual).toBe(expected);
});

test("no list gives more than 10,000 rows at a time, whatever is asked", () => {
  const most = Object.values(contract).flatMap(({ query }: Operation) => {
    const limit = (query as { properties?: Record<string, { maximum?: number }> } | undefined)?.properties?.[
      "limit"
    ];
    return limit ? [limit.maximum ?? Number.POSITIVE_INFINITY] : [];
  });
  expect(most.length).toBeGreaterThan(4);
  expect(Math.max(...most)).toBeLessThanOrEqual(10_000);
});

test("the running server has them: a body that is too large or too deep is refused, one at the bound is read", async () => {
  const { app } = server;
  expect([app.server.headersTimeout, app.server.requestTimeout]).toEqual([10_000, 30_000]);
  const send = async (payload: string) => {
    const answer = await app.inject({
      method: "PATCH",
      url: "/api/account",
      headers: {
        host,
        origin,
        cookie: person.cookie,
        "x-csrf-token": person.csrfToken,
        "content-type": "application/json",
      },
      payload,
    });
    return [answer.statusCode, answer.json().code, answer.json().detail];
  };
  const nested = (depth: number) => `${"[".repeat(depth)}1${"]".repeat(depth)}`;
  expect(await send(`{"language":"${"x".repeat(limits.bodyBytesMax)}"}`)).toEqual([
    413,
    "input.too-large",
    undefined,
  ]);
  expect(await send(nested(limits.jsonDepthMax + 1))).toEqual([
    400,
    "input.invalid",
    "Nested deeper than 32",
  ]);
  // At the bound it is the schema that says no.
  expect(await send(nested(limits.jsonDepthMax))).toEqual([400, "input.invalid", undefined]);
});

test.each([
  "0000-01-01T00:00:00Z",
  "0001-01-01T00:00:00+02:00",
  "2026-02-30T00:00:00Z",
  "2026-06-30T23:59:60Z",
  "2026-01-01",
])("%s is no instant that can be asked for", async (at) => {
  const answer = await server.app.inject({
    url: `/api/meter-types?at=${encodeURIComponent(at)}`,
    headers: { host, cookie: person.cookie },
  });
  expect([answer.statusCode, answer.json().code]).toEqual([400, "input.invalid"]);
});
