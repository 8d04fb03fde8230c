import { createHash, randomBytes } from "node:crypto";
import { addAccount, addGrants, listRoles, openSession, readBranches, sql } from "@energsys/store";
import { beforeEach, expect, test } from "vitest";
import { type Browser, browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";

const server = await testServer();
const { db, clock } = server;
const admin = browserOf(server, await firstAccount(server));
await importPoints(db, [
  networkPoint(1, { branch: ["Argeș"] }),
  networkPoint(2, { branch: ["Argeș"] }),
  networkPoint(3, { branch: ["Vâlcea"] }),
]);
const { rows: placed } = await db.query<{ id: number }>(
  sql`select point_id as id from point order by point_id`,
);
const [pointId, secondPoint, elsewhere] = placed.map(({ id }) => id) as [number, number, number];
const roles = new Map((await listRoles(db, clock.ms)).map(({ ready, roleId }) => [ready, roleId]));
const branches = await readBranches(db);
const branchOf = (name: string) => [...branches].find(([, { path }]) => path.at(-1) === name)![0];

/** Somebody with roles, as a browser. */
async function person(
  name: string,
  ready: readonly string[],
  options: { branch?: string; grantedBy?: number } = {},
) {
  const account = (await addAccount(db, { name, displayName: name, passwordHash: "none", language: "en" }))!;
  const { accountId } = account;
  const grants = ready.map((role) => ({
    roleId: roles.get(role as never)!,
    action: null,
    branchId: options.branch === undefined ? null : branchOf(options.branch),
    supplierId: null,
    validFromMs: clock.ms - 1_000,
    validUntilMs: null,
    reason: "",
  }));
  await addGrants(db, { accountId, grants, grantedBy: options.grantedBy ?? null, nowMs: clock.ms });
  const id = randomBytes(32).toString("base64url");
  await openSession(db, {
    sha256: createHash("sha256").update(id).digest(),
    accountId,
    csrfToken: "csrf",
    nowMs: clock.ms,
    endsAtMs: clock.ms + 40 * 86_400_000,
  });
  return { accountId, call: browserOf(server, { cookie: `sid=${id}`, csrfToken: "csrf" }) };
}

const technician = await person("teo", ["technician"], { branch: "Argeș" });
const billing = await person("bia", ["billing"], { branch: "Argeș" });
const both = await person("bob", ["technician", "billing"]);
const far = await person("far", ["technician", "billing"], { branch: "Vâlcea" });

/** Who calls has just shown who they are, and was never idle. */
const awake = () =>
  db.query(sql`
    update session set stepped_up_at = to_timestamp(${clock.ms / 1_000}), last_seen_at = to_timestamp(${clock.ms / 1_000}),
      expires_at = to_timestamp(${clock.ms / 1_000}) + interval '1 day'`);
beforeEach(async () => {
  await db.query(sql`delete from ratio_request where state = 'open'`);
  await awake();
});

const ask = (call: Browser, point: number, changes: object = {}) =>
  call("POST", `/points/${point}/ratio-requests`, {
    ctRatio: "20",
    vtRatio: "1",
    primaryValues: false,
    from: new Date(clock.ms - 3_600_000).toISOString(),
    reason: "schimb de transformatoare, fișa 412",
    ...changes,
  });
const decide = (call: Browser, requestId: number, approve = true, note?: string) =>
  call("POST", `/ratio-requests/${requestId}/decision`, { approve, ...(note ? { note } : {}) });
const ratioOf = async (point: number) => {
  const { rows } = await db.query<{ ct: string }>(
    sql`select trim_scale(ct_ratio)::text as ct from installation where point_id = ${point} and upper_inf(during)`,
  );
  return rows[0]!.ct;
};
const listed = async (call: Browser, query = "") => (await call("GET", `/ratio-requests${query}`)).body.rows;

test("a change is asked for by one and made when another approves, and the log says who, from what to what and why", async () => {
  const { status, body } = await ask(technician.call, pointId);
  expect([status, await ratioOf(pointId)]).toEqual([201, "1"]);
  expect(await listed(billing.call, "?open=true")).toMatchObject([
    {
      requestId: body.requestId,
      pod: networkPoint(1).pod,
      before: { ctRatio: "1", vtRatio: "1", primaryValues: false },
      after: { ctRatio: "20" },
      requestedBy: "teo",
      own: false,
      state: "open",
    },
  ]);
  const decided = await decide(billing.call, body.requestId, true, "fișa văzută");
  expect(decided.body).toMatchObject({ state: "approved" });
  expect(await ratioOf(pointId)).toBe("20");
  expect(await listed(technician.call)).toMatchObject([
    { state: "approved", decidedBy: "bia", note: "fișa văzută", own: true, days: expect.any(Number) },
  ]);
  const { body: log } = await admin("GET", `/log?objectType=point&objectId=${pointId}&kind=parametrisation`);
  expect(log.rows).toContainEqual(
    expect.objectContaining({
      actor: "bia",
      action: "change",
      objectType: "point",
      pointId,
      objectName: networkPoint(1).pod,
      before: expect.objectContaining({ ct_ratio: "1", vt_ratio: "1" }),
      after: expect.objectContaining({ ct_ratio: "20", vt_ratio: "1" }),
      reason: "schimb de transformatoare, fișa 412 (asked for by teo; fișa văzută)",
    }),
  );
  // Both people stand there: who asked, with what was before, and who approved.
  const requests = log.rows.filter(
    ({ objectType }: { objectType: string }) => objectType === "ratio_request",
  );
  expect(requests.map(({ actor, action }: { actor: string; action: string }) => [actor, action])).toEqual([
    ["bia", "change"],
    ["teo", "add"],
  ]);
});

test("who asked cannot approve, though he holds the right to, and nothing changes", async () => {
  const { body } = await ask(both.call, secondPoint);
  const own = await decide(both.call, body.requestId);
  expect([own.status, own.body.code, await ratioOf(secondPoint)]).toEqual([409, "ratios.own-request", "1"]);
  // The database itself holds it, whatever a program says.
  await expect(
    db.query(sql`update ratio_request set state = 'approved', decided_by = requested_by, decided_at = now()
      where ratio_request_id = ${body.requestId}`),
  ).rejects.toMatchObject({ code: "23514" });
  expect((await decide(billing.call, body.requestId, false, "altă fișă")).body.state).toBe("refused");
  expect(await ratioOf(secondPoint)).toBe("1");
});

test("who gave the one who asks a right within the last day cannot approve, and can a day later", async () => {
  const made = await person("nou", ["technician"], { branch: "Argeș", grantedBy: both.accountId });
  const { body } = await ask(made.call, secondPoint, { ctRatio: "7" });
  expect((await decide(both.call, body.requestId)).body.code).toBe("ratios.own-request");
  clock.ms += 25 * 3_600_000;
  await awake();
  expect((await decide(both.call, body.requestId)).body.state).toBe("approved");
  expect(await ratioOf(secondPoint)).toBe("7");
});

test("the right to approve and a fresh proof are needed, and other branches know of nothing", async () => {
  const { body } = await ask(technician.call, secondPoint, { ctRatio: "8" });
  const { requestId } = body;
  expect((await decide(technician.call, requestId)).body).toMatchObject({ code: "right.missing" });
  expect((await decide(admin, requestId)).body).toMatchObject({
    code: "right.missing",
    action: "points.approve",
  });
  expect((await decide(far.call, requestId)).body.code).toBe("ratios.request-unknown");
  expect(await listed(far.call)).toEqual([]);
  expect((await ask(far.call, secondPoint)).body.code).toBe("point.not-found");
  clock.ms += 600_000;
  expect((await decide(billing.call, requestId)).body.code).toBe("session.step-up-needed");
  expect(await listed(billing.call, `?pointId=${elsewhere}`)).toEqual([]);
});

test("one request of a point at a time; it is taken back by who asked, and nobody else", async () => {
  const { body } = await ask(technician.call, secondPoint, { ctRatio: "9" });
  expect((await ask(both.call, secondPoint, { ctRatio: "10" })).body.code).toBe("ratios.asked");
  const takeBack = (call: Browser) => call("DELETE", `/ratio-requests/${body.requestId}`);
  expect((await takeBack(both.call)).body.code).toBe("ratios.not-yours");
  expect((await takeBack(technician.call)).status).toBe(204);
  expect((await decide(billing.call, body.requestId)).body.code).toBe("ratios.decided");
  expect((await ask(both.call, secondPoint, { ctRatio: "10" })).status).toBe(201);
});

test("nobody approves what was asked for three days ago, and it makes room for the next", async () => {
  const { body } = await ask(technician.call, secondPoint, { ctRatio: "11" });
  clock.ms += 72 * 3_600_000;
  await awake();
  expect((await decide(billing.call, body.requestId)).body.code).toBe("ratios.decided");
  expect(
    (await listed(billing.call)).find((row: { requestId: number }) => row.requestId === body.requestId),
  ).toMatchObject({
    state: "expired",
    decidedBy: null,
  });
  expect(await listed(billing.call, "?open=true")).toEqual([]);
  expect((await ask(technician.call, secondPoint, { ctRatio: "11" })).status).toBe(201);
});

test("what somebody else changed meanwhile is not changed: the request is overtaken", async () => {
  const { body } = await ask(technician.call, secondPoint, { ctRatio: "12" });
  await db.query(
    sql`update installation set ct_ratio = 13 where point_id = ${secondPoint} and upper_inf(during)`,
  );
  expect((await decide(billing.call, body.requestId)).body).toEqual({ state: "overtaken", days: 0 });
  expect(await ratioOf(secondPoint)).toBe("13");
});

test("ratios that are no change, before the meter came, in the future or without a reason are refused", async () => {
  const wrong = (changes: object) => ask(technician.call, pointId, changes);
  expect((await wrong({})).body.code).toBe("ratios.same");
  expect((await wrong({ ctRatio: "30", from: "2001-01-01T00:00:00Z" })).body.code).toBe("ratios.too-early");
  expect((await wrong({ ctRatio: "30", from: "2999-01-01T00:00:00Z" })).body.fields).toHaveProperty("/from");
  expect((await wrong({ ctRatio: "0" })).body.fields).toHaveProperty("/ctRatio");
  expect((await wrong({ ctRatio: "30", reason: "" })).status).toBe(400);
});
