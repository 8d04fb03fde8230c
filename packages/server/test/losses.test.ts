import { sql } from "@energsys/store";
import { expect, test } from "vitest";
import { addTransformer } from "./add-transformer.ts";
import { foldAll } from "./fold-all.ts";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";
import { addChannel, writeDay } from "./stored-days.ts";

const server = await testServer();
const { db, clock } = server;
const call = browserOf(server, await firstAccount(server));
await importPoints(
  db,
  [1, 2, 3].map((n) => networkPoint(n, { installedAt: "2025-01-01T00:00:00Z" })),
);
const points = (
  await db.query<{ id: number }>(sql`select point_id as id from point order by point_id`)
).rows.map(({ id }) => id);
const [first, second, balance] = points as [number, number, number];
const zone = "Europe/Bucharest";
const dates = ["2026-10-24", "2026-10-25", "2026-10-26"];
/** Of the first member half is not counted, on the last two days. */
const taken = (slot: number) => 100 + ((slot * 37) % 90);
const other = (slot: number) => 60 + ((slot * 53) % 70);
const countedAt = (nth: number, day: string, slot: number) =>
  [day === dates[0] ? taken(slot) : taken(slot) / 2, other(slot), taken(slot) + other(slot) + 10][nth]!;
for (const [nth, pointId] of points.entries()) {
  const channelId = await addChannel(db, { pointId });
  for (const day of dates) {
    await writeDay(db, {
      channelId,
      day,
      zone,
      valueAt: (slot) => ({ value: Math.ceil(countedAt(nth, day, slot)), flags: 0 }),
    });
    await db.query(
      sql`insert into load_day_change (channel_ids, days) values (array[${channelId}::int], array[${day}::date])`,
    );
  }
}
const groupId = await addTransformer(db, "PT Șoseaua", { members: [first, second], balance: [balance] });
await foldAll(db, { zone, nowMs: clock.ms });
const days = "from=2026-10-24&to=2026-10-27";
const before = "&beforeFrom=2026-10-24&beforeTo=2026-10-25";

test("the balance of the network with its coverage, before and after, and as files", async () => {
  const { status, body } = await call("GET", `/analysis/balance?from=2026-10-26&to=2026-10-27${before}`);
  expect(status).toBe(200);
  expect(body.rows).toMatchObject([
    { groupId, name: "PT Șoseaua", kind: "transformer", depth: 0, members: 2 },
  ]);
  const sum = (of: (slot: number) => number) =>
    Array.from({ length: 96 }, (_, slot) => of(slot)).reduce((all, value) => all + value, 0);
  const input = sum((slot) => taken(slot) + other(slot) + 10);
  const counted = sum((slot) => Math.ceil(taken(slot) / 2) + other(slot));
  expect(body.total).toMatchObject({
    input: String(input),
    counted: String(counted),
    loss: String(input - counted),
    alignedSlots: 96,
    slots: 96,
    technicalWh: null,
    missingWh: 0,
    completeness: 1,
    reportable: true,
    significant: true,
  });
  const was = (100 * 960) / input;
  expect(body.totalBefore.percent).toBeCloseTo(was, 2);
  expect(body.totalBefore.changePoints).toBeCloseTo((100 * (input - counted)) / input - was, 2);
  const file = await call("GET", `/analysis/balance.csv?from=2026-10-26&to=2026-10-27`);
  expect(file.text).toContain(
    `PT Șoseaua;transformator;0;grupul însuși;${input};${counted};${input - counted};`,
  );
  for (const kind of ["xlsx", "pdf"])
    expect((await call("GET", `/analysis/balance.${kind}?${days}`)).status).toBe(200);
  expect((await call("GET", `/analysis/balance?${days}&beforeFrom=2026-10-24`)).body.code).toBe(
    "input.invalid",
  );
  expect((await call("GET", "/analysis/balance?from=2026-10-27&to=2026-10-24")).body.code).toBe(
    "input.invalid",
  );
});

test("one group by day and quarter-hour, the plate entered from a day on, and taken back", async () => {
  const path = `/groups/${groupId}/ratings`;
  const rating = {
    transformer: { ratedVa: 250_000, noLoadLossW: "20", loadLossW: "3250" },
    line: null,
    cosPhi: "0.95",
  };
  const from = "2026-10-24T21:00:00Z";
  expect((await call("POST", path, { from, rating, reason: "plăcuța" })).body.changeId).toEqual(
    expect.any(Number),
  );
  expect(
    (await call("POST", path, { from, rating: { transformer: null, line: null, cosPhi: "1" }, reason: "x" }))
      .body.code,
  ).toBe("input.invalid");
  expect((await call("POST", path, { from: "2026-10-24T21:07:00Z", rating, reason: "x" })).body.code).toBe(
    "group.off-quarter",
  );
  expect((await call("GET", path)).body.rows).toMatchObject([{ from: "2026-10-24T21:00:00.000Z", to: null }]);
  const { body } = await call("GET", `/analysis/balance/${groupId}?${days}`);
  expect(body.days.map(({ figures }: { figures: { slots: number } }) => figures.slots)).toEqual([
    96, 100, 96,
  ]);
  // The plate holds from the second day on.
  expect(body.days.map(({ figures }: { figures: { ironWh: number | null } }) => figures.ironWh)).toEqual([
    null,
    500,
    480,
  ]);
  expect(body.loss).toHaveLength(292);
  expect(body.loss[0]).toBe(10);
  expect(body.technicalWh[0]).toBeNull();
  const { body: group } = await call("GET", `/groups/${groupId}`);
  expect(group.changes[0]).toMatchObject({ kind: "rating", by: "ana", reason: "plăcuța" });
  await call("POST", `/groups/${groupId}/changes/${group.changes[0].changeId}/undo`, { reason: "greșit" });
  expect((await call("GET", path)).body.rows).toEqual([]);
  expect((await call("GET", `/analysis/balance/999999?${days}`)).body.code).toBe("group.not-found");
  expect((await call("GET", `/analysis/balance/${groupId}/days.csv?${days}`)).text).toContain("2026-10-25;");
});

test("a suspect becomes a case with what was suspected, its history, an outcome, and its place in the log", async () => {
  const { body } = await call("GET", `/analysis/balance/${groupId}/suspects?${days}`);
  expect(body.suspects[0]).toMatchObject({ pointId: first, member: true, caseId: null });
  expect(body.suspects[0].dailyWh).toHaveLength(3);
  const asked = { groupId, pointId: first, from: "2026-10-24", to: "2026-10-27", note: "urmează pierderea" };
  const opened = await call("POST", "/loss-cases", asked);
  expect([opened.status, (await call("POST", "/loss-cases", asked)).body.code]).toEqual([201, "case.open"]);
  const { caseId } = opened.body;
  const again = await call("GET", `/analysis/balance/${groupId}/suspects?${days}`);
  expect(again.body.suspects[0].caseId).toBe(caseId);
  const { body: people } = await call("GET", "/loss-case-assignees");
  const assigneeId = people.rows[0].accountId;
  await call("PATCH", `/loss-cases/${caseId}`, { assigneeId, note: "" });
  // A case is in the field while somebody goes there for it, and is not closed meanwhile.
  const { body: visit } = await call("POST", "/field-tasks", { caseId, kind: "seal", note: "plomba" });
  expect(visit.opened).toBe(true);
  expect((await call("POST", "/field-tasks", { caseId, kind: "look", note: "" })).body).toEqual({
    taskId: visit.taskId,
    opened: false,
  });
  expect((await call("GET", "/loss-cases?state=in-field")).body.rows).toMatchObject([{ caseId }]);
  const early = { state: "closed", outcome: "theft", note: "" };
  expect((await call("PATCH", `/loss-cases/${caseId}`, early)).body.code).toBe("case.in-field");
  await call("PATCH", `/field-tasks/${visit.taskId}`, { state: "done", note: "ocolire găsită" });
  expect((await call("GET", `/loss-cases/${caseId}`)).body.state).toBe("open");
  expect((await call("PATCH", `/loss-cases/${caseId}`, { state: "closed", note: "" })).body.code).toBe(
    "case.outcome",
  );
  const closing = { state: "closed", outcome: "theft", recoveredWh: 12_000, note: "ocolire" };
  expect((await call("PATCH", `/loss-cases/${caseId}`, closing)).status).toBe(204);
  const { body: found } = await call("GET", `/loss-cases/${caseId}`);
  expect(found).toMatchObject({
    pod: "RO001EMO0000001",
    group: "PT Șoseaua",
    outcome: "theft",
    recoveredWh: 12_000,
  });
  expect(found.suspected.reasons.map(({ code }: { code: string }) => code)).toContain("follows-consumption");
  expect(found.entries.map(({ note }: { note: string }) => note)).toEqual([
    "urmează pierderea",
    "",
    "ocolire",
  ]);
  expect(found.entries[2].changes).toContainEqual({ field: "outcome", before: null, after: "theft" });
  expect((await call("GET", "/loss-cases?state=not-closed")).body.rows).toEqual([]);
  const { body: reopened } = await call("PATCH", `/field-tasks/${visit.taskId}`, { state: "open", note: "" });
  expect(reopened.code).toBe("field-task.case-closed");
  const byHand = await call("POST", "/loss-cases", { groupId, pod: "RO001EMO0000002", note: "reclamație" });
  expect(byHand.status).toBe(201);
  expect((await call("POST", "/loss-cases", { groupId, pod: "RO999", note: "" })).body.code).toBe(
    "point.not-found",
  );
  expect((await call("GET", "/loss-cases.csv")).text).toContain("furt");
  expect((await call("GET", "/loss-cases/999999")).body.code).toBe("case.not-found");
  const { rows } = await db.query<{ acts: number }>(sql`
    select count(*)::int as acts from audit.log where object_type = 'loss_case' and object_id = ${String(caseId)}`);
  expect(rows[0]!.acts).toBeGreaterThanOrEqual(3);
});
