import { sql } from "@energsys/store";
import { expect, test } from "vitest";
import { browserOf, firstAccount, host, origin, password, testServer } from "./harness.ts";

const server = await testServer({ limits: { refusalMs: 400, hashWaitMs: 60_000 } });
const { app, clock, db, services } = server;
const call = browserOf(server, await firstAccount(server));

const signIn = (name: string, given: string, remoteAddress: string) =>
  app.inject({
    method: "POST",
    url: "/api/session",
    headers: { host, origin },
    payload: { name, password: given },
    remoteAddress,
  });
const address = (n: number) => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;

const percentile = (values: readonly number[], part: number) =>
  [...values].sort((left, right) => left - right)[Math.floor(values.length * part)]!;

test("S37: of 1,000 guesses at one account from 1,000 addresses, and of 1,000 at as many names from one, few reach the hash", async () => {
  const before = services.passwords.checked;
  const guesses: Promise<{ statusCode: number }>[] = [];
  for (let n = 0; n < 1_000; n++) {
    guesses.push(signIn("ana", `guess number ${n}`, address(n)));
    guesses.push(signIn(`name${n}`, "guess guess guess", "10.250.0.1"));
    if (n % 50 === 49) await Promise.all(guesses.slice(-100));
  }
  const answers = await Promise.all(guesses);
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([401, 429]));
  // Ten thousand guesses at the same pace are let through no more often: the wait doubles, whatever comes in between.
  expect(services.passwords.checked - before).toBeLessThanOrEqual(10);
});

test("S37: the time of a refusal does not tell whether the name exists", async () => {
  const took = async (name: string, n: number) => {
    await db.query(sql`delete from sign_in_failure`);
    const startedMs = performance.now();
    expect((await signIn(name, "not the password at all", address(70_000 + n))).statusCode).toBe(401);
    return performance.now() - startedMs;
  };
  const known: number[] = [];
  const unknown: number[] = [];
  for (let n = 0; n < 9; n++) {
    known.push(await took("ana", n));
    unknown.push(await took("nimeni", n));
  }
  const gapMs = Math.abs(percentile(known, 0.5) - percentile(unknown, 0.5));
  console.info(`timing gap between a known and an unknown name: ${gapMs.toFixed(1)} ms (goal < 10 ms)`);
  // `npm test` judges no time closer than this: a hash takes 20 ms and more, a directory's answer as much.
  expect(gapMs).toBeLessThan(50);
});

test("a shift of 60 people from as many addresses who sign in at one moment are all in, and the API answers meanwhile", async () => {
  const { rows } = await db.query<{ hash: string }>(
    sql`select password_hash as hash from account where name = 'ana'`,
  );
  await db.query(sql`
    insert into account (name, display_name, password_hash, language)
    select 'shift' || n, 'Person ' || n, ${rows[0]!.hash}, 'ro' from generate_series(1, 60) as n`);
  await db.query(sql`delete from sign_in_failure`);
  clock.ms += 1_000;
  const startedMs = performance.now();
  const shift = Promise.all(
    Array.from({ length: 60 }, (_, n) => signIn(`shift${n + 1}`, password, address(100_000 + n))),
  );
  let done = false;
  void shift.finally(() => {
    done = true;
  });
  const apiMs: number[] = [];
  while (!done) {
    const callMs = performance.now();
    expect((await call("GET", "/points")).status).toBe(200);
    apiMs.push(performance.now() - callMs);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const refused = (await shift).filter(({ statusCode }) => statusCode !== 201);
  expect(refused.map((answer) => answer.body)).toEqual([]);
  const tookMs = performance.now() - startedMs;
  console.info(
    `60 sign-ins at once: ${(tookMs / 1_000).toFixed(1)} s; API p95 meanwhile ${percentile(apiMs, 0.95).toFixed(0)} ms`,
  );
});
