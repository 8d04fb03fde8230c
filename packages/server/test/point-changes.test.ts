import { sql } from "@energsys/store";
import { expect, test } from "vitest";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";

const server = await testServer();
const { db, clock } = server;
const call = browserOf(server, await firstAccount(server));
await importPoints(db, [networkPoint(1), networkPoint(2)]);
const { rows } = await db.query<{ id: number }>(sql`select point_id as id from point order by point_id`);
const [pointId, otherId] = rows.map(({ id }) => id) as [number, number];
const day = 86_400_000;
const instant = (offset: number) => new Date(clock.ms + offset * day).toISOString();
const change = (values: object, from: number, more: object = {}) =>
  call("POST", `/points/${pointId}/changes`, { values, from: instant(from), reason: "fișa 12", ...more });
const pointOn = async (offset?: number) =>
  (await call("GET", `/points/${pointId}${offset === undefined ? "" : `?on=${instant(offset)}`}`)).body;

test("a point is shown as it was on any day, and every change says who made it, when and why", async () => {
  expect(
    (
      await change(
        { category: "business", approvedPowerW: 30_000, isProtected: true, checkPointId: otherId },
        -10,
      )
    ).status,
  ).toBe(201);
  expect((await change({ approvedPowerW: 45_000 }, -3)).status).toBe(201);
  expect(await pointOn()).toMatchObject({
    on: null,
    category: "business",
    approvedPowerW: 45_000,
    isProtected: true,
    checkPoint: { pointId: otherId, pod: networkPoint(2).pod },
  });
  expect(await pointOn(-5)).toMatchObject({ on: instant(-5), approvedPowerW: 30_000 });
  expect(await pointOn(-11)).toMatchObject({ category: "unknown", isProtected: false, checkPoint: null });
  const { body } = await call("GET", `/points/${pointId}/changes`);
  expect(body.rows).toMatchObject([
    {
      changedBy: "ana",
      reason: "fișa 12",
      values: [{ attribute: "approvedPowerW", value: 45_000, from: instant(-3), to: null }],
    },
    {
      values: expect.arrayContaining([
        { attribute: "category", value: "business", from: instant(-10), to: null },
      ]),
    },
  ]);
  const { body: log } = await call("GET", "/log?kind=parametrisation&limit=50");
  expect(log.rows).toContainEqual(
    expect.objectContaining({ actor: "ana", objectType: "point_change", reason: "fișa 12" }),
  );
});

test("a change is taken back, the one below it only after it", async () => {
  const { body } = await call("GET", `/points/${pointId}/changes`);
  const [last, first] = body.rows;
  const undo = (changeId: number) => call("POST", `/point-changes/${changeId}/undo`, { reason: "altă fișă" });
  expect((await undo(first.changeId)).body.code).toBe("point.change-overtaken");
  expect((await undo(last.changeId)).status).toBe(201);
  expect(await pointOn()).toMatchObject({ approvedPowerW: 30_000 });
  expect((await undo(last.changeId)).body.code).toBe("point.change-undone");
});

test("meters are those that stood there then, with their last values of then", async () => {
  await db.query(
    sql`update installation set during = tstzrange(lower(during), ${instant(-1)}::timestamptz, '[)') where point_id = ${pointId}`,
  );
  await db.query(sql`
    insert into register_reading (meter_id, obis, measured_at, value, unit, received_at)
    select meter_id, '1-0:1.8.0*255', ${instant(0)}::timestamptz + days * interval '1 day', 500 + days, 'kWh', now()
    from installation cross join unnest(array[-4, -2]) as days where point_id = ${pointId}`);
  expect((await pointOn()).installations[0].to).toBe(instant(-1));
  const then = await pointOn(-3);
  expect([then.installations[0].to, then.now.map(({ value }: { value: string }) => value)]).toEqual([
    null,
    ["496"],
  ]);
  expect((await pointOn(-9_000)).installations).toEqual([]);
});

test("what makes no sense is refused", async () => {
  expect((await change({}, 0)).status).toBe(400);
  expect((await change({ phases: 2 }, 0)).status).toBe(400);
  expect((await change({ approvedPowerW: 0 }, 0)).status).toBe(400);
  expect((await change({ phases: 3 }, 0, { to: instant(-1) })).body.code).toBe("point.no-time");
  expect((await change({ checkPointId: pointId }, 0)).body.code).toBe("point.check-unknown");
  expect((await change({ isProtected: true }, -1)).body.changeId).toBeNull();
});

test("the reading plan of a point is another one from now on, a new one, or none; what a concentrator reads has none", async () => {
  const plan = {
    name: "Orar",
    everySeconds: 3_600,
    profile: true,
    registers: false,
    events: true,
    backfillDays: 10,
  };
  const made = await call("POST", "/reading-plans", { ...plan, reason: "test" });
  expect(made.status).toBe(201);
  expect((await call("POST", "/reading-plans", { ...plan, reason: "test" })).body.code).toBe(
    "plan.name-used",
  );
  const nothing = { ...plan, name: "Nimic", profile: false, events: false, reason: "test" };
  expect((await call("POST", "/reading-plans", nothing)).body.code).toBe("plan.nothing");
  const give = (planId: number | null, id = otherId) =>
    call("PUT", `/points/${id}/plan`, { planId, reason: "altă citire" });
  expect((await give(made.body.planId)).body).toEqual({ changed: true });
  expect((await give(made.body.planId)).body).toEqual({ changed: false });
  expect((await call("GET", `/points/${otherId}`)).body.plan).toMatchObject({
    name: "Orar",
    everySeconds: 3_600,
  });
  expect((await call("GET", "/reading-plans")).body.rows).toContainEqual({
    ...plan,
    moments: [],
    between: null,
    planId: made.body.planId,
    devices: 1,
  });
  expect((await give(9_999)).body.code).toBe("plan.not-found");
  // The meter of the first point was taken down above.
  expect((await give(made.body.planId, pointId)).body.code).toBe("plan.no-device");
  expect((await give(null)).body).toEqual({ changed: true });
  const group = await call("POST", "/groups", { kind: "free", name: "Citite orar", branchId: null });
  const { groupId } = group.body;
  const from = new Date(Math.floor(clock.ms / 900_000) * 900_000).toISOString();
  const members = {
    side: "members",
    mode: "add",
    from,
    points: [pointId, otherId].map((id) => ({ pointId: id, sign: 1 })),
  };
  const { body: effect } = await call("POST", `/groups/${groupId}/change-previews`, members);
  await call("POST", `/groups/${groupId}/changes`, { ...members, token: effect.token, reason: "orar" });
  const giveAll = async (planId: number | null, dryRun = false) =>
    (await call("PUT", `/groups/${groupId}/plan`, { planId, dryRun, reason: "orar" })).body;
  const counts = { members: 2, withoutDevice: 1, byConcentrator: 0, ownPlan: 0, otherGroup: 0 };
  // A plan of its own comes first, also one that says: none.
  expect(await giveAll(made.body.planId, true)).toEqual({ ...counts, ownPlan: 1, changed: 0 });
  await call("POST", `/points/${otherId}/plan/removal`, { reason: "ca grupul" });
  expect(await giveAll(made.body.planId, true)).toEqual({ ...counts, changed: 1 });
  expect((await call("GET", `/points/${otherId}`)).body.plan).toBeNull();
  expect(await giveAll(made.body.planId)).toEqual({ ...counts, changed: 1 });
  expect((await call("GET", `/points/${otherId}`)).body.plan).toMatchObject({ name: "Orar" });
  expect(await giveAll(made.body.planId)).toEqual({ ...counts, changed: 0 });
  expect((await giveAll(9_999)).code).toBe("plan.not-found");
  expect(await giveAll(null)).toEqual({ ...counts, changed: 1 });
  expect((await call("GET", `/points/${otherId}`)).body.plan).toBeNull();
  await db.query(sql`
    with own as (insert into device (identity, model, url, direction)
      values ('ENC0000000000007', 'generic-dlms', 'dlms+tcp://', 'call-in') returning device_id),
    adopted as (insert into gateway (identity, state, device_id, name, branch_id)
      select 'ENC0000000000007', 'adopted', device_id, 'PT 7', (select min(branch_id) from branch) from own returning gateway_id)
    update device set gateway_id = (select gateway_id from adopted)
    where meter_id = (select meter_id from installation where point_id = ${otherId} and upper_inf(during))`);
  expect((await give(made.body.planId)).body.code).toBe("plan.by-concentrator");
  expect(await giveAll(made.body.planId)).toEqual({ ...counts, byConcentrator: 1, changed: 0 });
});
