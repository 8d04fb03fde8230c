import { createHash, randomBytes } from "node:crypto";
import { addAccount, addGrants, closeBillingMonth, listRoles, openSession, sql } from "@energsys/store";
import { expect, test } from "vitest";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";
import { addChannel, writeDay } from "./stored-days.ts";

const server = await testServer();
const { db, clock } = server;
clock.ms = Date.parse("2026-11-20T12:07:00Z");
const admin = browserOf(server, await firstAccount(server));
await importPoints(db, [networkPoint(1, { branch: ["Argeș"] }), networkPoint(2, { branch: ["Vâlcea"] })]);
await db.query(sql`update installation set during = tstzrange('2020-01-01', null, '[)')`);
const month = "2026-10-01";
const channelId = await addChannel(db, { pointId: 1 });
for (let day = 1; day <= 31; day++)
  await writeDay(db, {
    channelId,
    day: `2026-10-${String(day).padStart(2, "0")}`,
    valueAt: () => ({ value: 10 }),
  });
const { rows: branches } = await db.query<{ id: number; name: string }>(
  sql`select branch_id as id, name from branch`,
);
const branchOf = (wanted: string) => branches.find(({ name }) => name === wanted)!.id;
const branchId = branchOf("Argeș");
const billingRole = (await listRoles(db, clock.ms)).find(({ ready }) => ready === "billing")!.roleId;

/** Somebody of the role *Billing* in a branch, who has just shown who they are. */
async function person(name: string, branch: string) {
  const account = (await addAccount(db, { name, displayName: name, passwordHash: "none", language: "en" }))!;
  const { accountId } = account;
  const grant = {
    roleId: billingRole,
    action: null,
    branchId: branchOf(branch),
    supplierId: null,
    validFromMs: clock.ms - 1_000,
    validUntilMs: null,
    reason: "",
  };
  await addGrants(db, { accountId, grants: [grant], grantedBy: null, nowMs: clock.ms });
  const id = randomBytes(32).toString("base64url");
  await openSession(db, {
    sha256: createHash("sha256").update(id).digest(),
    accountId,
    csrfToken: "csrf",
    nowMs: clock.ms,
    endsAtMs: clock.ms + 40 * 86_400_000,
  });
  await db.query(sql`update session set stepped_up_at = to_timestamp(${clock.ms / 1_000})`);
  return browserOf(server, { cookie: `sid=${id}`, csrfToken: "csrf" });
}
const asking = await person("ana.billing", "Argeș");
const closing = await person("dan.billing", "Argeș");
const far = await person("far.billing", "Vâlcea");

test("a month is asked for by one person and closed by another, in their branch alone; then it is told, and filed", async () => {
  const outlook = await asking("GET", `/billing/outlook?month=${month}`);
  expect(outlook.body).toMatchObject({ points: 1, ready: 1, gaps: 0, over: true, wholeNetwork: false });
  expect(outlook.body.branches).toEqual([{ branchId, path: ["Argeș"] }]);
  expect((await admin("GET", `/billing/outlook?month=${month}`)).body).toMatchObject({
    points: 2,
    ready: 1,
    neverRead: 1,
    wholeNetwork: true,
  });
  const body = { month, branchId, reason: "month is over" };
  expect((await asking("POST", "/billing/closings", { ...body, branchId: null })).body).toMatchObject({
    code: "input.invalid",
  });
  expect((await far("POST", "/billing/closings", body)).body.code).toBe("branch.not-found");
  expect((await asking("POST", "/billing/closings", { ...body, month: "2026-11-01" })).body.code).toBe(
    "billing.month-open",
  );
  const asked = await asking("POST", "/billing/closings", body);
  expect(asked.status).toBe(201);
  const { closeId } = asked.body;
  expect((await asking("POST", "/billing/closings", body)).body.code).toBe("billing.asked");
  const decide = (who: typeof asking) =>
    who("POST", `/billing/closings/${closeId}/decision`, { approve: true });
  expect((await decide(asking)).body.code).toBe("billing.own-request");
  expect((await decide(far)).body.code).toBe("billing.not-found");
  const decided = await decide(closing);
  expect(decided.body.jobId).toBeGreaterThan(0);
  expect((await decide(closing)).body.code).toBe("billing.decided");
  const { rows: jobs } = await db.query<{ kind: string; input: { closeId: number } }>(
    sql`select kind, input from job`,
  );
  expect(jobs).toEqual([{ kind: "close-billing-month", input: { closeId } }]);
  await closeBillingMonth(db, closeId, { zone: "Europe/Bucharest", nowMs: clock.ms });
  const listed = await asking("GET", `/billing/closings?month=${month}`);
  expect(listed.body.rows).toMatchObject([
    {
      state: "closed",
      own: true,
      requestedBy: "ana.billing",
      decidedBy: "dan.billing",
      branch: ["Argeș"],
      points: 1,
      billable: 1,
    },
  ]);
  expect((await far("GET", "/billing/closings")).body.rows).toEqual([]);
  const values = await asking("GET", `/billing/closings/${closeId}/values`);
  expect(values.body.rows).toMatchObject([
    { pointId: 1, energy: "29800", unit: "Wh", basis: "intervals", reason: "no-register", billable: true },
  ]);
  const file = await asking("GET", `/billing/closings/${closeId}/values.csv`);
  expect(file.text.split("\r\n")).toHaveLength(4);
  expect(file.text).toContain(";29800;");
  // The activity log has both people and the reason.
  const { rows: log } = await db.query<{ actor: string; reason: string | null }>(sql`
    select actor, reason from audit.log where object_type = 'billing_close' and action in ('add', 'change') order by seq`);
  expect(log.length).toBeGreaterThanOrEqual(2);
  expect(log[0]).toMatchObject({ actor: "ana.billing", reason: "month is over" });
});

test("what is different after closing is listed with old and new energy, for the branch's people, and as a file", async () => {
  await db.query(sql`
    update load_day set sum = sum + 500, ver = ver + 1 where channel_id = ${channelId} and day = '2026-10-05'`);
  const ran = await asking("POST", "/billing/correction-runs", { month, branchId: null });
  expect(ran.body).toEqual({ lookedAt: 1, found: 1 });
  const listed = await asking("GET", `/billing/corrections?month=${month}`);
  expect(listed.body.rows).toMatchObject([
    {
      pointId: 1,
      kind: "changed",
      oldEnergy: "29800",
      newEnergy: "30300",
      difference: "500",
      cause: "late-values",
    },
  ]);
  expect((await far("GET", `/billing/corrections?month=${month}`)).body.rows).toEqual([]);
  const file = await asking("GET", `/billing/corrections.csv?month=${month}`);
  expect(file.text).toContain("29800;30300;500");
  expect(
    (await asking("POST", "/billing/corrections/1/decision", { take: true, note: "late" })).body.code,
  ).toBe("billing.correction-not-found");
});
