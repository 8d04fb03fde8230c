import { expect, test } from "vitest";
import { firstAccount, host, origin, testServer } from "./harness.ts";

const server = await testServer({
  limits: {
    anonymousPerMinute: 8,
    userPerMinute: 20,
    loginPerMinute: 5,
    exportPerMinute: 3,
    filePerMinute: 30,
  },
});
const { app } = server;

const statuses = async (times: number, ask: () => Promise<{ statusCode: number }>) => {
  const counts: Record<number, number> = {};
  for (let n = 0; n < times; n++) {
    const { statusCode } = await ask();
    counts[statusCode] = (counts[statusCode] ?? 0) + 1;
  }
  return counts;
};
const from = (remoteAddress: string) => ({ remoteAddress });

test("calls without a session are counted per address, refused ones too", async () => {
  const ask = () => app.inject({ url: "/api/points", headers: { host }, ...from("127.0.0.2") });
  expect(await statuses(12, ask)).toEqual({ 401: 8, 429: 4 });
  const refused = await ask();
  expect(refused.json().code).toBe("rate.exceeded");
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
});

test("addresses that do not exist are counted", async () => {
  const ask = () =>
    app.inject({ method: "POST", url: "/api/nothing-here", headers: { host }, ...from("127.0.0.3") });
  expect(await statuses(12, ask)).toEqual({ 404: 8, 429: 4 });
});

test("calls that the check of their origin refuses are counted", async () => {
  const ask = () =>
    app.inject({
      method: "DELETE",
      url: "/api/session",
      headers: { host, origin: "http://evil.example" },
      ...from("127.0.0.4"),
    });
  expect(await statuses(12, ask)).toEqual({ 403: 8, 429: 4 });
});

test("a cookie that was made up gives no budget of its own", async () => {
  let n = 0;
  const ask = () =>
    app.inject({
      url: "/api/points",
      headers: { host, cookie: `sid=${String(n++).padStart(43, "A")}` },
      ...from("127.0.0.5"),
    });
  expect(await statuses(12, ask)).toEqual({ 401: 8, 429: 4 });
});

test("sign-ins have a budget of their own", async () => {
  const ask = () =>
    app.inject({
      method: "POST",
      url: "/api/session",
      headers: { host, origin },
      payload: { name: "ana", password: "guess guess guess" },
      ...from("127.0.0.6"),
    });
  const codes: string[] = [];
  for (let n = 0; n < 8; n++) codes.push((await ask()).json().code);
  expect(codes.slice(5)).toEqual(["rate.exceeded", "rate.exceeded", "rate.exceeded"]);
  expect(codes.slice(0, 5)).not.toContain("rate.exceeded");
});

test("who is signed in has the larger budget, and files for export the small one", async () => {
  const person = await firstAccount(server);
  const headers = { host, cookie: person.cookie };
  const read = () => app.inject({ url: "/api/session", headers, ...from("127.0.0.7") });
  const exported = () => app.inject({ url: "/api/points.csv", headers, ...from("127.0.0.7") });
  expect(await statuses(10, read)).toEqual({ 200: 10 });
  expect(await statuses(5, exported)).toEqual({ 200: 3, 429: 2 });
});
