import { createHash, randomBytes } from "node:crypto";
import { marketDayOf } from "@energsys/metering";
import { addAccount, addGrants, listRoles, openSession, readBranches, sql } from "@energsys/store";
import { testKeyRing } from "@energsys/store/testing";
import pino from "pino";
import { afterAll, expect, test } from "vitest";
import { jobKinds } from "../src/jobs/kinds.ts";
import { JobRunner } from "../src/jobs/runner.ts";
import { dayPlus, deliverDay, quietValue, validateAll } from "./delivered-days.ts";
import { type Browser, browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";

const zone = "Europe/Bucharest";
const server = await testServer();
const { db, clock } = server;
const admin = browserOf(server, await firstAccount(server));
const meter = (n: number) => ({
  serial: `${n}`,
  manufacturer: "TST",
  model: "generic-dlms",
  phases: 1 as const,
  maxCurrentA: 60,
  indexDigits: 6,
});
await importPoints(db, [
  networkPoint(1, { branch: ["Argeș"], meter: meter(1) }),
  networkPoint(2, { branch: ["Argeș"], meter: meter(2) }),
  networkPoint(3, { branch: ["Vâlcea"], meter: meter(3) }),
]);
const { rows: placed } = await db.query<{ id: number }>(
  sql`select point_id as id from point order by point_id`,
);
const pointIds = placed.map(({ id }) => id);
const today = marketDayOf(clock.ms, zone).date;
const date = dayPlus(today, -2);
for (const pointId of pointIds) {
  for (let back = 12; back > 2; back--)
    await deliverDay(db, { pointId, day: dayPlus(today, -back), nowMs: clock.ms });
  // A day of which nothing came would be found, too.
  await deliverDay(db, { pointId, day: dayPlus(today, -1), nowMs: clock.ms });
  await deliverDay(db, {
    pointId,
    day: date,
    nowMs: clock.ms,
    change: (values) => {
      values.fill(Number.NaN, 20, 24);
      if (pointId === pointIds[1]) values[60] = 3_000;
    },
  });
}
await validateAll(db, clock.ms);

const roles = new Map((await listRoles(db, clock.ms)).map(({ ready, roleId }) => [ready, roleId]));
const branches = await readBranches(db);
async function person(name: string, ready: string, branch?: string) {
  const account = (await addAccount(db, { name, displayName: name, passwordHash: "none", language: "en" }))!;
  const { accountId } = account;
  const branchId =
    branch === undefined ? null : [...branches].find(([, { path }]) => path.at(-1) === branch)![0];
  const grant = {
    action: null,
    supplierId: null,
    validFromMs: clock.ms - 1_000,
    validUntilMs: null,
    reason: "",
  };
  await addGrants(db, {
    accountId,
    grants: [{ ...grant, roleId: roles.get(ready as never)!, branchId }],
    grantedBy: null,
    nowMs: clock.ms,
  });
  const id = randomBytes(32).toString("base64url");
  await openSession(db, {
    sha256: createHash("sha256").update(id).digest(),
    accountId,
    csrfToken: "csrf",
    nowMs: clock.ms,
    endsAtMs: clock.ms + 40 * 86_400_000,
  });
  return browserOf(server, { cookie: `sid=${id}`, csrfToken: "csrf" });
}
const bia = await person("bia", "billing", "Argeș");
const bob = await person("bob", "billing");
const operator = await person("oana", "operator");

const runner = new JobRunner({
  db,
  keyRing: testKeyRing(db),
  kinds: jobKinds,
  zone,
  now: clock.now,
  logger: pino({ level: "silent" }),
  tellMs: 20,
  lookMs: 100,
});
await runner.start();
afterAll(() => runner.stop());
const ended = async (call: Browser, jobId: number) => {
  await expect
    .poll(async () => (await call("GET", `/jobs/${jobId}`)).body.state, { timeout: 20_000 })
    .toMatch(/done|failed|cancelled/);
  return (await call("GET", `/jobs/${jobId}`)).body;
};
const list = async (call: Browser, query = "") => (await call("GET", `/validation/findings${query}`)).body;
const gapOf = async (call: Browser, pointId: number, query = "") =>
  (await list(call, `?rule=V03&pointId=${pointId}${query}`)).rows[0];

test("the work list shows one's own branch, narrowed by what is asked for, with the interval range and the estimate", async () => {
  const { body } = await bob("GET", "/validation/findings");
  expect([body.total, body.counts]).toEqual([
    4,
    [
      { rule: "V03", severity: "F", count: 3 },
      { rule: "V10", severity: "W", count: 1 },
    ],
  ]);
  expect((await list(bia)).total).toBe(3);
  const branchId = [...branches].find(([, { path }]) => path.at(-1) === "Vâlcea")![0];
  expect((await list(bia, `?branchId=${branchId}`)).total).toBe(0);
  for (const [query, total] of [
    ["?rule=V10", 1],
    ["?severity=F", 2],
    ["?state=accepted", 0],
    ["?state=open", 1],
    ["?owner=me", 0],
    ["?owner=nobody", 3],
    ["?olderThanDays=2", 3],
    ["?olderThanDays=5", 0],
    [`?from=${today}`, 0],
  ] as const)
    expect([query, (await list(bia, query)).total]).toEqual([query, total]);
  const gap = await gapOf(bia, pointIds[0]!);
  expect(gap).toMatchObject({ day: date, state: "estimated", method: "E3", count: 4, words: "gap" });
  expect(Date.parse(gap.to) - Date.parse(gap.from)).toBe(3_600_000);
  expect((await bia("GET", "/validation/findings?from=2026-02-31")).status).toBe(400);
  const seen = await operator("POST", `/validation/findings/${gap.findingId}/acceptance`, {
    stands: "estimate",
  });
  expect([seen.status, seen.body.action]).toEqual([403, "validation.change"]);
});

test("one finding comes with everything that the screen shows; another branch's is not there", async () => {
  const gap = await gapOf(bia, pointIds[0]!);
  const { body } = await bia("GET", `/validation/findings/${gap.findingId}`);
  expect(body.slots).toEqual([20, 21, 22, 23]);
  expect(body.estimates.map(({ method }: { method: string }) => method)).toEqual(["E3", "E4", "E5", "E7"]);
  expect(body.rule).toMatchObject({ code: "V03", thresholds: { waitMinutes: 60 } });
  expect([body.measured[20], body.counted[30], body.methods[20]]).toEqual([null, quietValue(30), "E3"]);
  const far = await gapOf(bob, pointIds[2]!);
  const foreign = await bia("GET", `/validation/findings/${far.findingId}`);
  const nowhere = await bia("GET", "/validation/findings/999999");
  expect([foreign.status, foreign.body.code]).toEqual([404, "finding.not-found"]);
  expect({ ...foreign.body, reference: "" }).toEqual({ ...nowhere.body, reference: "" });
});

test("an estimate is accepted once, taken back, given to somebody; the log says who", async () => {
  const gap = await gapOf(bia, pointIds[0]!);
  const path = `/validation/findings/${gap.findingId}`;
  expect((await bia("POST", `${path}/acceptance`, { stands: "estimate" })).status).toBe(204);
  const again = await bia("POST", `${path}/acceptance`, { stands: "estimate" });
  expect([again.status, again.body.code]).toEqual([409, "finding.not-open"]);
  expect((await list(bia)).total).toBe(2);
  expect((await bia("DELETE", `${path}/acceptance`)).status).toBe(204);
  expect((await list(bia)).total).toBe(3);
  expect((await bia("PUT", `${path}/assignee`, { name: "bia" })).status).toBe(204);
  expect((await list(bia, "?owner=me")).total).toBe(1);
  const unknown = await bia("PUT", `${path}/assignee`, { name: "nobody-there" });
  expect([unknown.status, unknown.body.code]).toEqual([409, "finding.assignee-unknown"]);
  const { rows } = await db.query<{ decision: string }>(sql`
    select after ->> 'decision' as decision from audit.log
    where object_type = 'finding_decision' and actor = 'bia' order by seq`);
  expect(rows.map(({ decision }) => decision)).toEqual(["accept-estimate", "undo", "assign"]);
});

test("another method is chosen, and what counts changes before the answer; taking it back restores the first estimate", async () => {
  const gap = await gapOf(bia, pointIds[0]!);
  const path = `/validation/findings/${gap.findingId}`;
  const wrong = await bia("POST", `${path}/estimate`, { method: "E1", reason: "implausible", comment: "x" });
  expect([wrong.status, wrong.body.code]).toEqual([409, "finding.method-not-applicable"]);
  const chosen = await bia("POST", `${path}/estimate`, {
    method: "E4",
    reason: "communication-fault",
    comment: "like days",
  });
  expect([chosen.status, chosen.body.state]).toEqual([201, "applied"]);
  const after = (await bia("GET", path)).body;
  expect([after.finding.state, after.methods[20]]).toEqual(["edited", "edited"]);
  expect(after.counted[20]).toBe(after.estimates[1].values[20]);
  expect(after.edits).toMatchObject([{ kind: "estimate", method: "E4", own: true }]);
  expect((await bia("POST", `/validation/edits/${chosen.body.editId}/undo`, { comment: "x" })).status).toBe(
    204,
  );
  expect((await bia("GET", path)).body.methods[20]).toBe("E3");
});

test("above the limit of the policy a second person decides, with what counts now beside it", async () => {
  const gap = await gapOf(bia, pointIds[0]!);
  expect((await admin("PUT", "/validation/policy", { alonePerEditWh: 500, closingDay: 5 })).status).toBe(204);
  const body = {
    channelId: gap.channelId,
    day: date,
    kind: "values",
    values: [{ slot: 40, value: 900 }],
    reason: "misreading",
    comment: "seen on site",
  };
  const asked = await bia("POST", "/validation/edits", body);
  expect(asked.body.state).toBe("waiting");
  const { rows } = (await bob("GET", "/validation/edits?state=waiting")).body;
  expect(rows).toMatchObject([
    { own: false, requestedBy: "bia", values: [{ slot: 40, value: 900, before: quietValue(40) }] },
  ]);
  const path = `/validation/edits/${asked.body.editId}/decision`;
  const own = await bia("POST", path, { approve: true });
  expect([own.status, own.body.code]).toEqual([409, "edit.same-person"]);
  expect((await bob("POST", path, { approve: true, note: "seen" })).status).toBe(204);
  expect((await bob("POST", path, { approve: false })).body.code).toBe("edit.decided");
  const after = (await bia("GET", `/validation/findings/${gap.findingId}`)).body;
  expect([after.counted[40], after.edits[0].decisionNote]).toEqual([900, "seen"]);
  await admin("PUT", "/validation/policy", { alonePerEditWh: 100_000, closingDay: 5 });
  expect((await bia("POST", "/validation/edits", { ...body, day: "2026-13-01" })).status).toBe(400);
});

test("a spike that a person refuses is estimated", async () => {
  const { rows } = await list(bia, "?rule=V10");
  const refused = await bia("POST", "/validation/edits", {
    channelId: rows[0].channelId,
    day: date,
    kind: "refusal",
    values: [{ slot: 60, value: 0 }],
    reason: "implausible",
    comment: "no such load",
  });
  expect(refused.body.state).toBe("applied");
  const { body } = await bia("GET", `/validation/findings/${rows[0].findingId}`);
  expect([body.finding.state, body.refused, body.measured[60], body.methods[60]]).toEqual([
    "edited",
    [60],
    3_000,
    "E3",
  ]);
});

test("like findings are accepted as a job, exactly those that were previewed; one that differs by then fails", async () => {
  const like = { rule: "V03", method: "E3" };
  const preview = (await bob("POST", "/validation/acceptances/preview", like)).body;
  expect(preview.findingIds).toHaveLength(3);
  expect(preview.points).toBe(3);
  const sum = preview.sample.reduce(
    (total: number, { estimate }: { estimate: number }) => total + estimate,
    0,
  );
  expect(preview.energy).toEqual([{ unit: "Wh", value: String(sum) }]);
  expect((await bia("POST", "/validation/acceptances/preview", like)).body.findingIds).toHaveLength(2);
  const far = await gapOf(bob, pointIds[2]!);
  // Bia sends what she may not see: the job does not touch it.
  const started = await bia("POST", "/validation/acceptances", { ...like, findingIds: preview.findingIds });
  const job = await ended(bia, started.body.jobId);
  expect(job).toMatchObject({ state: "done", total: 3, failed: 1, result: { accepted: 2 } });
  expect((await bia("GET", `/jobs/${started.body.jobId}/failures`)).body.rows).toMatchObject([
    { item: String(far.findingId), code: "finding.not-found" },
  ]);
  expect((await list(bob, "?rule=V03")).total).toBe(1);
  const other = await bob("POST", "/validation/acceptances", {
    rule: "V03",
    method: "E4",
    findingIds: [far.findingId],
  });
  expect(await ended(bob, other.body.jobId)).toMatchObject({ failed: 1, result: { accepted: 0 } });
});

test("the month: billable points, open findings by rule, branch and age, and when it closes", async () => {
  const { body } = await bob("GET", `/validation/quality?month=${date.slice(0, 7)}`);
  expect(body.points).toBe(3);
  expect(
    body.byBranch.map(({ branch, points }: { branch: string[]; points: number }) => [branch, points]),
  ).toEqual([
    [["Argeș"], 2],
    [["Vâlcea"], 1],
  ]);
  expect(Date.parse(body.closesAt)).toBeGreaterThan(clock.ms);
  expect(body.byAge).toHaveLength(4);
  expect((await bia("GET", "/validation/quality")).body.points).toBe(2);
});

test("a rule is tried on what is stored, and then set for a class from a day on", async () => {
  const { rows } = (await admin("GET", "/validation/rules")).body;
  const v10 = rows.find(({ rule }: { rule: string }) => rule === "V10");
  expect(v10.classes.find((of: { class: string }) => of.class === "industry").thresholds.floorW).toBe(10_000);
  const setting = { rule: "V10", class: "household", thresholds: { floorW: 100, excessPercent: 20 } };
  const tried = await admin("POST", "/validation/dry-runs", {
    settings: [setting],
    from: dayPlus(today, -12),
    to: today,
    pointsMax: 10,
  });
  const job = await ended(admin, tried.body.jobId);
  expect(job.result).toMatchObject({ points: 3, days: 36, elapsedMs: expect.any(Number) });
  const spikes = job.result.counts.find(({ rule }: { rule: string }) => rule === "V10");
  expect(spikes.asSet).toBe(1);
  const wrong = { ...setting, thresholds: { floorW: -1 }, from: today, reason: "x" };
  expect((await admin("POST", "/validation/rules", wrong)).body.code).toBe("validation.threshold");
  expect((await bob("POST", "/validation/rules", { ...setting, from: today, reason: "x" })).status).toBe(403);
  expect(
    (await admin("POST", "/validation/rules", { ...setting, from: today, reason: "trial" })).status,
  ).toBe(204);
  const set = (await admin("GET", "/validation/rules")).body.rows.find(
    ({ rule }: { rule: string }) => rule === "V10",
  );
  expect(set.classes[0]).toMatchObject({ class: "household", from: today, setBy: "ana", reason: "trial" });
  expect(set.classes[0].thresholds.floorW).toBe(100);
});
