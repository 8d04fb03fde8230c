import { readBranches, readFoldState, sql } from "@energsys/store";
import { expect, test } from "vitest";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";

const server = await testServer();
const { db } = server;
const call = browserOf(server, await firstAccount(server));
await importPoints(
  db,
  Array.from({ length: 12 }, (_, n) => networkPoint(n + 1)),
);
const { rows: points } = await db.query<{ id: number }>(
  sql`select point_id as id from point order by point_id`,
);
const ids = points.map(({ id }) => id);
const branches = [...(await readBranches(db)).values()];
const branchId = (name: string) => branches.find(({ path }) => path.at(-1) === name)!.branchId;
const from = "2026-03-01T00:00:00Z";
const before = "2026-02-28T23:45:00Z";

const make = async (group: object): Promise<number> => {
  const { status, body } = await call("POST", "/groups", group);
  expect([status, body]).toEqual([201, { groupId: expect.any(Number) }]);
  return body.groupId;
};

test("a group by rule: counted, made, previewed, applied, as it was before, taken back", async () => {
  const rule = { branchIds: [branchId("Pitești")], words: "sos" };
  expect((await call("POST", "/group-rules/count", { branchId: null, rule })).body).toEqual({ points: 6 });
  const groupId = await make({ kind: "free", name: "Șoseaua, Pitești", branchId: branchId("Argeș"), rule });
  const asked = { side: "members", from, mode: "rule" };
  const { body: effect } = await call("POST", `/groups/${groupId}/change-previews`, asked);
  expect(effect).toMatchObject({ before: 0, after: 6, joining: 6, leaving: 0, refused: [], unknownPods: [] });
  expect(effect.joiningPoints[0]).toMatchObject({ pod: "RO001EMO0000002", name: "Loc de consum 2" });
  const given = { ...asked, token: effect.token, reason: "cum e construit" };
  const { body: made } = await call("POST", `/groups/${groupId}/changes`, given);
  expect(made.changeId).toEqual(expect.any(Number));
  const members = async (at: string) =>
    (await call("GET", `/groups/${groupId}/members?at=${encodeURIComponent(at)}`)).body.total;
  expect([await members(before), await members(from)]).toEqual([0, 6]);
  // The effect would be another one now: what was shown is not applied twice.
  expect((await call("POST", `/groups/${groupId}/changes`, given)).body).toMatchObject({
    code: "group.preview-old",
  });
  const undo = await call("POST", `/groups/${groupId}/changes/${made.changeId}/undo`, { reason: "greșit" });
  expect(undo.status).toBe(200);
  expect(await members(from)).toBe(0);
  const { body: group } = await call("GET", `/groups/${groupId}`);
  expect(group).toMatchObject({ kind: "free", rule, members: 0 });
  expect(group.changes.map(({ kind, by, reason }: Record<string, string>) => [kind, by, reason])).toEqual([
    ["undo", "ana", "greșit"],
    ["members", "ana", "cum e construit"],
  ]);
  const other = await make({ kind: "free", name: "other", branchId: null });
  expect(
    (await call("POST", `/groups/${other}/changes/${made.changeId}/undo`, { reason: "x" })).body,
  ).toMatchObject({
    code: "group.change-not-found",
  });
});

test("points come by their codes from a file; unknown and foreign ones are named and left out", async () => {
  const groupId = await make({ kind: "transformer", name: "PT 1", branchId: branchId("Câmpulung") });
  const pods = [" RO001EMO0000001", "RO001EMO0000002", "RO999"].map((pod) => ({ pod, sign: -1 }));
  const asked = { side: "members", from, mode: "set", pods };
  const { body: effect } = await call("POST", `/groups/${groupId}/change-previews`, asked);
  expect(effect).toMatchObject({ joining: 1, unknownPods: ["RO999"] });
  expect(effect.refused.map(({ pod }: { pod: string }) => pod)).toEqual(["RO001EMO0000002"]);
  await call("POST", `/groups/${groupId}/changes`, { ...asked, token: effect.token, reason: "fișier" });
  const file = await call("GET", `/groups/${groupId}/members.csv?at=${encodeURIComponent(from)}`);
  expect(file.text.split("\r\n").slice(0, 3)).toEqual([
    "\uFEFFGrup;Rol;POD;Semn;De la (UTC);Până la (UTC);Denumire;Adresă",
    "PT 1;membru;RO001EMO0000001;-1;2026-03-01T00:00:00.000Z;;Loc de consum 1;Str. Șoseaua Păcii 1, Țițești",
    "",
  ]);
});

test("a tree of groups with balance meters, its checks, and the balance of a day by quarter-hour", async () => {
  const feeder = await make({ kind: "feeder", name: "L 20 kV", branchId: branchId("Argeș") });
  const station = await make({
    kind: "transformer",
    name: "PT 2",
    branchId: branchId("Argeș"),
    parentId: feeder,
    from,
  });
  const change = async (groupId: number, side: string, pointIds: number[]) => {
    const asked = { side, from, mode: "add", points: pointIds.map((pointId) => ({ pointId })) };
    const { body } = await call("POST", `/groups/${groupId}/change-previews`, asked);
    return call("POST", `/groups/${groupId}/changes`, { ...asked, token: body.token, reason: "cum e" });
  };
  await change(station, "members", [ids[2]!, ids[4]!]);
  const missing = await call("GET", "/group-checks");
  expect(missing.body.findings).toContainEqual(
    expect.objectContaining({ kind: "no-balance-meter", group: "PT 2", groupId: station }),
  );
  await change(station, "balance", [ids[6]!]);
  const { body: list } = await call("GET", "/groups?q=pt%202");
  expect(list.rows).toMatchObject([{ name: "PT 2", parentId: feeder, members: 2, balanceMeters: 1 }]);
  const { body: group } = await call("GET", `/groups/${station}`);
  expect(group).toMatchObject({
    path: [{ groupId: feeder, kind: "feeder" }],
    balance: [{ pointId: ids[6], sign: 1, pod: "RO001EMO0000007" }],
  });
  expect((await call("GET", `/points/${ids[6]}/groups`)).body.rows).toMatchObject([
    { groupId: station, side: "balance" },
  ]);
  for (const [nth, perSlot] of [
    [2, 10],
    [4, 5],
    [6, 20],
  ] as const) {
    await db.query(sql`
      with own as (insert into channel (point_id, obis, kind, unit, scale, period_s)
        values (${ids[nth]}, '1-0:1.29.0*255', 'delta', 'Wh', 0, 900) returning channel_id)
      insert into load_day (sum, channel_id, day, max, ver, slots, ok, flags, max_at, v)
      select ${perSlot * 96}, channel_id, current_date - 40, ${perSlot}, 1, 96, 96, 0, 0,
        '\\x01'::bytea || set_byte('\\x00'::bytea, 0, ${perSlot * 2}) || decode(repeat('00', 95), 'hex') from own`);
  }
  const { rows } = await db.query<{ day: string; next: string }>(sql`
    insert into load_day_change (channel_ids, days) select array_agg(channel_id), array_agg(day) from load_day
    returning (current_date - 40)::text as day, (current_date - 39)::text as next`);
  const { day, next } = rows[0]!;
  // The server sums by itself, within seconds.
  await expect.poll(() => readFoldState(db), { timeout: 10_000 }).toMatchObject({ changes: 0, due: 0 });
  const { body: curve } = await call("GET", `/groups/${station}/curve?from=${day}&to=${next}`);
  expect(curve.total).toEqual({
    balance: { energy: "1920", expected: 96, present: 96, good: 96, estimated: 0 },
    members: { energy: "1440", expected: 192, present: 192, good: 192, estimated: 0 },
    difference: "480",
  });
  expect([curve.balance[0], curve.members[95], curve.whole]).toEqual([20, 15, [[0, 96]]]);
  // The feeder takes its transformer in through the balance meter, not through the two points.
  const { body: above } = await call("GET", `/groups/${feeder}/curve?from=${day}&to=${next}`);
  expect(above.total).toMatchObject({ members: { energy: "1920", expected: 96 }, balance: { energy: null } });
  expect((await call("GET", `/groups/${station}/curve?from=${next}&to=${day}`)).status).toBe(400);
  expect(
    (await call("POST", `/groups/${feeder}/parent`, { parentId: station, from, reason: "x" })).body,
  ).toMatchObject({
    code: "group.kind-order",
  });
  expect((await call("DELETE", `/groups/${feeder}`, { reason: "x" })).body).toMatchObject({
    code: "group.in-use",
  });
});

test("what is wrong is said by field or code, and changes nothing", async () => {
  const made = { kind: "riser", name: "S 1", branchId: branchId("Argeș") };
  await make(made);
  expect((await call("POST", "/groups", made)).body).toMatchObject({ code: "group.name-taken" });
  expect((await call("POST", "/groups", { ...made, name: "S 2", rule: { phases: 1 } })).body).toMatchObject({
    code: "input.invalid",
    fields: { "/rule": expect.any(String) },
  });
  expect((await call("POST", "/groups", { ...made, name: "S 3", branchId: 999 })).body).toMatchObject({
    code: "branch.not-found",
  });
  const lost = { ...made, name: "S 4", parentId: 999_999 };
  expect((await call("POST", "/groups", lost)).body).toMatchObject({ code: "group.not-found" });
  expect((await call("GET", "/groups?q=s%204")).body.rows).toEqual([]);
  const groupId = await make({ ...made, name: "S 5" });
  const asked = { side: "members", from: "2026-03-01T00:07:00Z", mode: "add", points: [] };
  expect((await call("POST", `/groups/${groupId}/change-previews`, asked)).body).toMatchObject({
    code: "group.off-quarter",
  });
  expect(
    (await call("POST", `/groups/${groupId}/change-previews`, { ...asked, from, mode: "rule" })).body,
  ).toMatchObject({
    code: "input.invalid",
  });
});

test("whoever does something with groups stands in the activity log, with the reason", async () => {
  const { rows } = await db.query<{ operation: string; actor: string }>(sql`
    select distinct operation, actor from audit.log where object_type in ('group_change', 'point_group', 'group_member', 'group')
    order by operation`);
  expect(rows.map(({ operation, actor }) => `${actor} ${operation}`)).toEqual([
    "ana addGroup",
    "ana changeGroup",
    "ana exportGroup",
    "ana getGroup",
    "ana listGroupMembers",
    "ana previewGroupChange",
    "ana undoGroupChange",
  ]);
});
