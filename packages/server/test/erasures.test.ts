import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addAccount, addGrants, listRoles, openSession, readErasures, sql } from "@energsys/store";
import { afterAll, beforeEach, expect, test } from "vitest";
import { type Browser, browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";

const folder = mkdtempSync(join(tmpdir(), "energsys-heads-"));
afterAll(() => rmSync(folder, { recursive: true }));
const server = await testServer({ logHeadsFolder: folder });
const { db, clock } = server;
const admin = browserOf(server, await firstAccount(server));
await importPoints(db, [networkPoint(1), { ...networkPoint(2), branch: ["Argeș", "Elsewhere"] }]);
const { rows: points } = await db.query<{ pointId: number; branchId: number }>(sql`
  select point_id as "pointId", branch_id as "branchId" from point join location using (location_id) order by point_id`);
const [{ pointId, branchId }, elsewhere] = points as [(typeof points)[0], (typeof points)[0]];
const roles = new Map((await listRoles(db, clock.ms)).map(({ ready, roleId }) => [ready, roleId]));

/** Somebody with a role, as a browser. */
async function person(
  name: string,
  role: "billing" | "operator",
  branchOf: number | null = null,
): Promise<Browser> {
  const account = { name, displayName: name, passwordHash: "none", language: "en" } as const;
  const { accountId } = (await addAccount(db, account))!;
  const grant = {
    ...{ roleId: roles.get(role)!, action: null, branchId: branchOf, supplierId: null, reason: "" },
    ...{ validFromMs: clock.ms - 1_000, validUntilMs: null },
  };
  await addGrants(db, { accountId, grants: [grant], grantedBy: null, nowMs: clock.ms });
  const id = randomBytes(32).toString("base64url");
  const sha256 = createHash("sha256").update(id).digest();
  const endsAtMs = clock.ms + 86_400_000;
  await openSession(db, { sha256, accountId, csrfToken: "csrf", nowMs: clock.ms, endsAtMs });
  return browserOf(server, { cookie: `sid=${id}`, csrfToken: "csrf" });
}
const maria = await person("maria", "billing");
const dan = await person("dan", "billing");
const operator = await person("ovidiu", "operator");

const eva = await person("eva", "billing", branchId);

let people = 0;
let subscriberId: number;
let contractId: number;
/** Somebody whose contract has ended, and nobody came after. */
beforeEach(async () => {
  await db.query(sql`update session set stepped_up_at = to_timestamp(${clock.ms / 1_000})`);
  people += 1;
  const from = new Date(clock.ms - 86_400_000 + people * 60_000).toISOString();
  const subscriber = {
    ...{ kind: "household", number: `A-${people}`, name: `Popescu Al${people}` },
    ...{ phone: "", email: "", address: "" },
  };
  const { body } = await maria("POST", `/points/${pointId}/contracts`, {
    number: `C-${people}`,
    from,
    subscriber,
  });
  subscriberId = body.subscriberId;
  contractId = body.contractId;
});
const end = () =>
  maria("POST", `/contracts/${contractId}/end`, {
    at: new Date(clock.ms - 86_400_000 + people * 60_000 + 30_000).toISOString(),
    reason: "empty flat",
  });
const ask = (call: Browser = maria, reason = "written request 12") =>
  call("POST", `/subscribers/${subscriberId}/erasures`, { reason });
const decide = (call: Browser, erasureId: number, confirm = true) =>
  call("POST", `/erasures/${erasureId}/decision`, { confirm, note: "seen" });

test("somebody with the right for one of two branches neither asks nor confirms, and hears which is lacking", async () => {
  await end();
  const { body } = await maria("POST", `/points/${elsewhere.pointId}/contracts`, {
    number: `D-${people}`,
    from: new Date(clock.ms - 86_400_000 + people * 60_000).toISOString(),
    subscriberId,
  });
  await maria("POST", `/contracts/${body.contractId}/end`, {
    at: new Date(clock.ms - 86_400_000 + people * 60_000 + 30_000).toISOString(),
    reason: "empty flat",
  });
  const lacking = { code: "erasure.other-branches", detail: "Argeș › Elsewhere" };
  const refused = await ask(eva);
  expect([refused.status, refused.body]).toEqual([403, expect.objectContaining(lacking)]);
  const { erasureId } = (await ask()).body;
  expect((await decide(eva, erasureId)).body).toMatchObject(lacking);
  expect((await decide(eva, erasureId, false)).body.state).toBe("refused");
});

test("one asks, another confirms, and the page, the list, the file and the record name nobody any more", async () => {
  await end();
  const asked = await ask();
  expect(asked.status).toBe(201);
  expect((await dan("GET", `/erasures?subscriberId=${subscriberId}&open=true`)).body.rows).toMatchObject([
    {
      erasureId: asked.body.erasureId,
      subscriber: `Popescu Al${people}`,
      requestedBy: "maria",
      own: false,
      state: "asked",
    },
  ]);
  expect((await decide(dan, asked.body.erasureId)).body).toEqual({ state: "erased", points: 0 });
  // No backup of before knows of it: it is put outside at once.
  expect(readErasures(join(folder, "erasures.jsonl"))).toMatchObject([
    { subscriberId, requestedBy: "maria", decidedBy: "dan", reason: "written request 12" },
  ]);
  expect((await maria("GET", `/subscribers/${subscriberId}`)).body).toMatchObject({
    number: "",
    name: "",
    erasedAt: new Date(clock.ms).toISOString(),
    contracts: [{ number: "", subscriber: "", pointId }],
  });
  expect((await maria("GET", `/erasures?subscriberId=${subscriberId}`)).body.rows).toMatchObject([
    { subscriber: "", state: "erased", decidedBy: "dan", note: "seen", own: true },
  ]);
  for (const path of [
    "/subscribers?q=popescu",
    "/subscribers.csv?q=popescu",
    `/subscribers/${subscriberId}/record`,
  ])
    expect((await maria("GET", path)).text).not.toContain(`Al${people}`);
  const { body: log } = await admin("GET", `/log?objectType=subscriber&objectId=${subscriberId}`);
  expect(log.rows).toContainEqual(
    expect.objectContaining({
      actor: "dan",
      objectType: "subscriber",
      action: "change",
      reason: "written request 12 (asked for by maria; seen)",
    }),
  );
  expect(log.rows.map(({ objectType }: { objectType: string }) => objectType)).toContain(
    "subscriber_erasure",
  );
});

test("who asked does not confirm, who may only look neither asks nor confirms, and an administrator confirms nothing", async () => {
  await end();
  const { body } = await ask();
  const own = await decide(maria, body.erasureId);
  expect([own.status, own.body.code]).toEqual([409, "erasure.own-request"]);
  for (const [call, right] of [
    [operator, "subscribers.approve"],
    [admin, "subscribers.approve"],
  ] as const)
    expect((await decide(call, body.erasureId)).body).toMatchObject({ code: "right.missing", action: right });
  expect((await ask(operator)).body.code).toBe("right.missing");
  expect((await maria("GET", `/subscribers/${subscriberId}`)).body.name).toBe(`Popescu Al${people}`);
});

test("confirming asks for a fresh proof of who one is", async () => {
  await end();
  const { body } = await ask();
  await db.query(sql`update session set stepped_up_at = to_timestamp(${clock.ms / 1_000 - 3_600})`);
  expect((await decide(dan, body.erasureId)).body.code).toBe("session.step-up-needed");
});

test("what stands in the way is answered with its code", async () => {
  expect((await ask()).body.code).toBe("subscriber.contract-runs");
  await end();
  expect((await ask(maria, `Mr Popescu asks`)).body.code).toBe("erasure.names-person");
  expect((await ask(maria, "ab")).body.code).toBe("input.invalid");
  const { body } = await ask();
  expect((await ask(dan)).body.code).toBe("erasure.asked");
  expect((await dan("DELETE", `/erasures/${body.erasureId}`)).body.code).toBe("erasure.not-yours");
  expect((await maria("DELETE", `/erasures/${body.erasureId}`)).status).toBe(204);
  expect((await decide(dan, body.erasureId)).body.code).toBe("erasure.decided");
  expect((await decide(dan, 999_999)).body.code).toBe("erasure.unknown");
  const again = await ask(dan);
  await decide(maria, again.body.erasureId);
  expect((await ask()).body.code).toBe("subscriber.erased");
});
