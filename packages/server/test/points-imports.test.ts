import { setTimeout as wait } from "node:timers/promises";
import { findJob, listJobFailures, sql } from "@energsys/store";
import { testKeyRing } from "@energsys/store/testing";
import pino from "pino";
import { afterAll, expect, test } from "vitest";
import { jobKinds } from "../src/jobs/kinds.ts";
import { JobRunner } from "../src/jobs/runner.ts";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";
import { workbookOf } from "./workbook-file.ts";

const server = await testServer();
const { db } = server;
const call = browserOf(server, await firstAccount(server));
await importPoints(db, [networkPoint(1)]);
const runner = new JobRunner({
  db,
  keyRing: testKeyRing(db),
  kinds: jobKinds,
  zone: "Europe/Bucharest",
  now: Date.now,
  logger: pino({ level: "silent" }),
  tellMs: 50,
  lookMs: 100,
});
await runner.start();
afterAll(() => runner.stop());

const head = "POD;Denumire;Adresa;Rețea;Serie contor;Producător;Model;Montat la;URL";
const line = (n: number, cells: Partial<Record<number, string>> = {}) =>
  [
    `RO009IMP000000${n}`,
    `Client ${n}`,
    `Str. Nouă ${n}`,
    "Argeș / PT 40",
    `9900${n}`,
    "ISK",
    "iskra-me162",
    "2026-03-01",
    `iec62056-21+tcp://127.0.0.1:${9_000 + n}`,
  ]
    .map((cell, at) => cells[at] ?? cell)
    .join(";");
const bring = async (lines: readonly string[]) => {
  const answer = await call("POST", "/points-imports", {
    name: "puncte.csv",
    text: [head, ...lines].join("\n"),
  });
  expect(answer.status).toBe(201);
  return answer.body.pointsImportId as number;
};
const pods = async () =>
  (await call("GET", "/points?q=RO009IMP")).body.rows.map(({ pod }: { pod: string }) => pod);

async function run(pointsImportId: number, what: "run" | "undo") {
  const answer = await call("POST", `/points-imports/${pointsImportId}/${what}`);
  expect(answer.status).toBe(202);
  for (let tries = 0; tries < 300; tries++) {
    const job = await findJob(db, answer.body.jobId);
    if (job?.endedAt) return job;
    await wait(20);
  }
  throw new Error("the job did not end");
}

test("a file is checked, its faults corrected, stored by a job, and taken back", async () => {
  const pointsImportId = await bring([
    line(1),
    line(2, { 0: "RO009 IMP0000002" }),
    line(3, { 6: "iskra me162" }),
    line(4, { 7: "31.02.2026" }),
  ]);
  const before = (await call("GET", `/points-imports/${pointsImportId}`)).body;
  expect(before).toMatchObject({
    state: "checked",
    lines: 4,
    effect: { new: 1, change: 0, same: 0, faulty: 3 },
  });
  expect(
    before.faults.map(({ row, column, code, proposal }: Record<string, unknown>) => [
      row,
      column,
      code,
      proposal,
    ]),
  ).toEqual([
    [2, "pod", "blank-inside", "RO009IMP0000002"],
    [3, "model", "unknown-model", "iskra-me162"],
    [4, "installedAt", "no-date", null],
  ]);
  expect(await pods()).toEqual([]);

  const fixes = before.faults
    .filter(({ proposal }: { proposal: string | null }) => proposal !== null)
    .map(({ row, column, proposal }: Record<string, unknown>) => ({ row, column, value: proposal }));
  expect((await call("PATCH", `/points-imports/${pointsImportId}`, { fixes })).status).toBe(204);
  expect((await call("GET", `/points-imports/${pointsImportId}`)).body.effect).toEqual({
    new: 3,
    change: 0,
    same: 0,
    faulty: 1,
  });

  expect(await run(pointsImportId, "run")).toMatchObject({
    state: "done",
    total: 3,
    done: 3,
    result: { added: 3, changed: 0, faulty: 1 },
  });
  expect(await pods()).toHaveLength(3);
  expect((await call("PATCH", `/points-imports/${pointsImportId}`, { fixes })).body.code).toBe(
    "points-import.not-now",
  );
  expect((await call("POST", `/points-imports/${pointsImportId}/run`)).body.code).toBe(
    "points-import.not-now",
  );

  expect(await run(pointsImportId, "undo")).toMatchObject({
    state: "done",
    failed: 0,
    result: { removed: 3, restored: 0 },
  });
  expect(await pods()).toEqual([]);
  expect((await call("GET", `/points-imports/${pointsImportId}`)).body.state).toBe("undone");
  const { rows } = await db.query<{ meters: number }>(
    sql`select count(*)::int as meters from meter where serial like '9900%'`,
  );
  expect(rows).toEqual([{ meters: 0 }]);
});

test("a point that is there changes in what differs, shown before, and gets it back", async () => {
  await run(await bring([line(5)]), "run");
  const pointsImportId = await bring([line(5, { 1: "Client Schimbat", 2: "Str. Veche 9" }), line(6)]);
  const { body } = await call("GET", `/points-imports/${pointsImportId}`);
  expect(body.effect).toEqual({ new: 1, change: 1, same: 0, faulty: 0 });
  expect(body.changes).toEqual([
    {
      row: 1,
      pod: "RO009IMP0000005",
      fields: [
        { field: "name", before: "Client 5", after: "Client Schimbat" },
        { field: "address", before: "Str. Nouă 5", after: "Str. Veche 9" },
      ],
    },
  ]);
  await run(pointsImportId, "run");
  const name = async () => (await call("GET", "/points?q=RO009IMP0000005")).body.rows[0].name;
  expect(await name()).toBe("Client Schimbat");
  await run(pointsImportId, "undo");
  expect([await name(), (await pods()).length]).toEqual(["Client 5", 1]);
});

test("what a line does not give of a known point stays: name, phases, direction, identity", async () => {
  await importPoints(db, [networkPoint(77, { phases: 3, direction: "both" })]);
  const known = networkPoint(77);
  const cells = [
    known.pod,
    "",
    "Str. Alta 2",
    "Argeș / PT 40",
    known.meter.serial,
    "ISK",
    "iskra-me162",
    "2026-03-01",
  ];
  const pointsImportId = await bring([[...cells, "iec62056-21+tcp://127.0.0.1:9077"].join(";")]);
  const { body } = await call("GET", `/points-imports/${pointsImportId}`);
  const fields = body.changes[0].fields.map(({ field }: { field: string }) => field);
  expect(fields).toContain("address");
  for (const kept of ["name", "phases", "direction", "identity"]) expect(fields).not.toContain(kept);
});

test("a name of before does not return once somebody of the point was erased, nor one that the file did not give", async () => {
  const { rows } = await db.query<{ pointId: number }>(sql`
    select point_id as "pointId" from point join installation using (point_id) join meter using (meter_id) where serial = '99005'`);
  const pointId = rows[0]!.pointId;
  const name = async () => (await call("GET", `/points/${pointId}`)).body.name;
  const byName = await bring([line(5, { 1: "Chiriaș nou" })]);
  await run(byName, "run");
  const byAddress = await bring([line(5, { 1: "", 2: "Str. Alta 1" })]);
  await run(byAddress, "run");
  expect(await name()).toBe("Chiriaș nou");
  await db.query(sql`
    with gone as (insert into subscriber (kind, erased_at) values ('household', now()) returning subscriber_id)
    insert into contract (subscriber_id, point_id, during) select subscriber_id, ${pointId}::int, '[2020-01-01,2021-01-01)' from gone`);
  await run(byAddress, "undo");
  expect(await name()).toBe("Chiriaș nou");
  await run(byName, "undo");
  expect(await name()).toBe("Chiriaș nou");
});

test("of two who ask for the same import at the same moment one is told that it is under way", async () => {
  const pointsImportId = await bring([line(31)]);
  const asked = await Promise.all([1, 2].map(() => call("POST", `/points-imports/${pointsImportId}/run`)));
  expect(asked.map(({ status }) => status).sort()).toEqual([202, 409]);
  const { rows } = await db.query<{ n: number }>(sql`
    select count(*)::int as n from job where kind = 'import-points' and input->>'pointsImportId' = ${String(pointsImportId)}`);
  expect(rows).toEqual([{ n: 1 }]);
});

test("what has been used or changed since stays when an import is taken back, and it says which lines", async () => {
  const pointsImportId = await bring([line(7), line(8), line(5, { 1: "Al doilea nume" })]);
  await run(pointsImportId, "run");
  await db.query(sql`
    insert into register_reading (meter_id, obis, measured_at, value, unit, received_at)
    select meter_id, '1-0:1.8.0*255', now(), 17, 'kWh', now() from meter where serial = '99007'`);
  await run(await bring([line(5, { 1: "Al treilea nume" })]), "run");
  const job = await run(pointsImportId, "undo");
  expect(job).toMatchObject({ state: "done", failed: 2, result: { removed: 1, restored: 0 } });
  expect((await listJobFailures(db, job.jobId, 10)).map(({ item, code }) => [item, code])).toEqual([
    ["1", "points-import.point-used"],
    ["3", "points-import.changed-since"],
  ]);
});

test("what stayed is tried again alone, and an undo that is begun anew finds what it had done", async () => {
  const pointsImportId = await bring([line(61), line(62), line(5, { 1: "Alt nume 5" })]);
  await run(pointsImportId, "run");
  await db.query(sql`
    insert into register_reading (meter_id, obis, measured_at, value, unit, received_at)
    select meter_id, '1-0:1.8.0*255', now(), 17, 'kWh', now() from meter where serial = '990061'`);
  expect(await run(pointsImportId, "undo")).toMatchObject({ failed: 1, result: { removed: 1, restored: 1 } });
  // As if its runner had died before it said that it was done.
  await db.query(sql`update points_import set state = 'done' where points_import_id = ${pointsImportId}`);
  expect(await run(pointsImportId, "undo")).toMatchObject({ failed: 1, result: { removed: 0, restored: 0 } });
  await db.query(
    sql`delete from register_reading where meter_id = (select meter_id from meter where serial = '990061')`,
  );
  expect(await run(pointsImportId, "undo")).toMatchObject({
    total: 1,
    failed: 0,
    result: { removed: 1, restored: 0 },
  });
  expect((await call("POST", `/points-imports/${pointsImportId}/undo`)).body.code).toBe(
    "points-import.not-now",
  );
});

test("another meter at a known point is a fault: it is exchanged, not imported", async () => {
  const pointsImportId = await bring([line(5, { 4: "55555" })]);
  expect((await call("GET", `/points-imports/${pointsImportId}`)).body.faults).toMatchObject([
    { row: 1, column: "serial", code: "other-meter", value: "55555", proposal: "99005" },
  ]);
  expect((await call("POST", `/points-imports/${pointsImportId}/run`)).body.code).toBe(
    "points-import.nothing",
  );
});

test("columns are told by hand where the heads say nothing", async () => {
  const answer = await call("POST", "/points-imports", {
    name: "x.csv",
    text: `a,b,c,d,e,f,g,h\n${line(9)
      .split(";")
      .filter((_, at) => at !== 1)
      .join(",")}`,
  });
  const path = `/points-imports/${answer.body.pointsImportId}`;
  expect((await call("GET", path)).body.effect).toMatchObject({ new: 0, faulty: 1 });
  const mapping = {
    pod: 0,
    address: 1,
    branch: 2,
    serial: 3,
    manufacturer: 4,
    model: 5,
    installedAt: 6,
    url: 7,
  };
  expect((await call("PATCH", path, { mapping })).status).toBe(204);
  expect((await call("GET", path)).body.effect).toMatchObject({ new: 1, faulty: 0 });
});

test("faults go out as a file; a file that is no table is refused with its line", async () => {
  const pointsImportId = await bring([line(9, { 7: "gestern" })]);
  const file = await call("GET", `/points-imports/${pointsImportId}/faults.csv`);
  expect(file.text).toContain("1;installedAt;no-date;gestern;");
  const broken = await call("POST", "/points-imports", { name: "x.csv", text: 'pod;name\n"RO1;Ana' });
  expect([broken.status, broken.body.code]).toEqual([400, "points-import.file-unreadable"]);
  expect((await call("GET", "/points-imports/99999")).body.code).toBe("points-import.not-found");
});

test("no table holds a name of the file in clear", async () => {
  await bring([line(9, { 1: "Canarescu Import" })]);
  const { rows } = await db.query<{ whole: string }>(sql`
    select concat((select string_agg(t::text, ' ') from points_import as t), (select string_agg(t::text, ' ') from points_import_line as t),
      (select string_agg(t::text, ' ') from job as t), (select string_agg(t::text, ' ') from job_failure as t)) as whole`);
  const hex = Buffer.from("Canarescu").toString("hex");
  expect([
    rows[0]!.whole.includes("Canarescu"),
    rows[0]!.whole.includes(hex),
    rows[0]!.whole.includes("Client"),
  ]).toEqual([false, false, false]);
});

test("a meter that stands elsewhere, is scrapped or known by another maker's name, a device of another meter, and other ratios are faults, not stored halfway", async () => {
  await importPoints(db, [networkPoint(80), networkPoint(81, { ctRatio: "20" }), networkPoint(84)]);
  const [one, two, three] = [networkPoint(80), networkPoint(81), networkPoint(84)];
  await db.query(sql`
    with meter as (insert into meter (manufacturer, serial, model, phases) values ('ISK', '770', 'iskra-me162', 1) returning meter_id)
    insert into meter_state (meter_id, at, state, reason, made_by)
    select meter_id, timestamptz '2025-01-01' + step.at, state, 'old', 'test' from meter, (values (interval '0', 'stock'), ('1 day', 'scrapped')) as step (at, state)
    order by step.at`);
  const known = ({ pod, meter }: typeof one, cells: Partial<Record<number, string>>) =>
    line(1, { 0: pod, 4: meter.serial, ...cells });
  const pointsImportId = await bring([
    line(41, { 4: one.meter.serial }),
    line(42, { 4: "770" }),
    known(three, { 2: "Str. Alta 7", 5: "Iskra" }),
    line(43, { 7: "01.01.2199" }),
    line(44, { 2: "x".repeat(201) }),
  ]);
  const faults = async (id: number) =>
    (await call("GET", `/points-imports/${id}`)).body.faults.map(
      ({ row, column, code, proposal }: Record<string, unknown>) => [row, column, code, proposal],
    );
  expect(await faults(pointsImportId)).toEqual([
    [1, "serial", "elsewhere", null],
    [2, "serial", "not-installable", null],
    [3, "manufacturer", "other-meter", "ISK"],
    [4, "installedAt", "future", null],
    [5, "address", "too-long", null],
  ]);

  const more = `${head};Identitate;Raport CT;Cifre index;Putere aprobată`;
  const answer = await call("POST", "/points-imports", {
    name: "puncte.csv",
    text: [
      more,
      `${line(45)};${one.device.identity};;;`,
      `${line(46)};EU;;;`,
      `${line(47)};EU;;;`,
      `${known(two, {})};;40;;`,
      `${line(48)};;;3;`,
      `${line(49)};;0;;`,
      `${line(50)};;;;0`,
      `${line(51)};;;6,5;`,
    ].join("\n"),
  });
  expect(await faults(answer.body.pointsImportId)).toEqual([
    [1, "identity", "other-device", null],
    [3, "identity", "twice", null],
    [4, "ctRatio", "other-ratio", "20"],
    [5, "indexDigits", "out-of-range", null],
    [6, "ctRatio", "out-of-range", null],
    [7, "approvedPower", "out-of-range", null],
    [8, "indexDigits", "out-of-range", null],
  ]);
});

test("what a line does not say of a meter stays, and taken back nothing is left of what it said", async () => {
  const plain = networkPoint(82);
  await importPoints(db, [{ ...plain, meter: { ...plain.meter, indexDigits: 6 } }]);
  const text = [
    `${head};Putere aprobată;Latitudine;Longitudine;Curent maxim`,
    `${line(1, { 0: plain.pod, 4: plain.meter.serial })};11;45,1;24,4;60`,
  ].join("\n");
  const answer = await call("POST", "/points-imports", { name: "puncte.csv", text });
  const facts = async () => {
    const { rows } = await db.query<{ pointId: number; facts: unknown[] }>(sql`
      select point_id as "pointId", array[index_digits::text, approved_power_w::text, max_current_a::text] as facts
      from meter join installation using (meter_id) join point using (point_id) where serial = ${plain.meter.serial}`);
    const { location } = (await call("GET", `/points/${rows[0]!.pointId}`)).body;
    return [...rows[0]!.facts, location?.latitude ?? null];
  };
  expect(await facts()).toEqual(["6", null, null, null]);
  await run(answer.body.pointsImportId, "run");
  expect(await facts()).toEqual(["6", "11000", "60.00", 45.1]);
  await run(answer.body.pointsImportId, "undo");
  expect(await facts()).toEqual(["6", null, null, null]);
});

test("a point that had no meter has none again when the import that put one up is taken back", async () => {
  await importPoints(db, [networkPoint(83)]);
  const known = networkPoint(83);
  const pointId = (await call("GET", `/points?q=${known.pod}`)).body.rows[0].pointId;
  await db.query(sql`
    with device as (delete from device where identity = ${known.device.identity})
    delete from installation where point_id = ${pointId}::int`);
  const pointsImportId = await bring([line(52, { 0: known.pod })]);
  expect((await call("GET", `/points-imports/${pointsImportId}`)).body.effect).toMatchObject({ change: 1 });
  await run(pointsImportId, "run");
  expect((await call("GET", `/points?q=${known.pod}`)).body.rows[0].serial).toBe("990052");
  expect(await run(pointsImportId, "undo")).toMatchObject({ failed: 0, result: { restored: 1 } });
  const { rows } = await db.query(sql`
    select (select count(*)::int from installation where point_id = ${pointId}::int) as standing,
      (select count(*)::int from meter where serial in ('', '990052')) as meters`);
  expect(rows).toEqual([{ standing: 0, meters: 0 }]);
  expect((await call("GET", `/points?q=${known.pod}`)).body.rows[0].address).toBe(known.address);
});

test("the same file brought and run twice at once is stored by one of both, and the other one takes nothing back", async () => {
  const lines = Array.from({ length: 400 }, (_, n) =>
    line(n, { 0: `RO010TWO${1000 + n}`, 4: `88${1000 + n}` }),
  );
  const ids = [await bring(lines), await bring(lines)];
  const jobs = await Promise.all(ids.map((id) => run(id, "run")));
  expect(jobs.map(({ result }) => result?.added).sort()).toEqual([0, 400]);
  const idle = ids[jobs.findIndex(({ result }) => result?.added === 0)]!;
  expect((await run(idle, "undo")).result).toEqual({ removed: 0, restored: 0 });
  expect((await call("GET", "/points?q=RO010TWO&limit=1")).body.total).toBe(400);
});

test("10,000 points of a workbook come in eight steps: 41 faults, proposals taken, cells mended, loaded; the next such file is mapped alike", async () => {
  const count = 10_000;
  const faulty = 41;
  const odd = [...head.split(";").slice(0, 4), "Nr.", ...head.split(";").slice(5)];
  const row = (n: number) => {
    const cells = [
      `RO012BIG${String(n).padStart(7, "0")}`,
      `Client ${n}`,
      `Str. Mare ${n}`,
      `Vâlcea / PT ${n % 40}`,
      `55${n}`,
      "ISK",
      "iskra-me162",
      "2026-03-01",
      `iec62056-21+tcp://127.0.0.1:${10_000 + (n % 50_000)}`,
    ];
    if (n > faulty) return cells;
    if (n % 2 === 0) cells[0] = `RO012 BIG${String(n).padStart(7, "0")}`;
    else if (n % 3 === 0) cells[6] = "iskra me162";
    else cells[7] = "31.02.2026";
    return cells;
  };
  const file = workbookOf([odd, ...Array.from({ length: count }, (_, n) => row(n + 1))]);
  // 1: the file is brought.
  const brought = await call("POST", "/points-imports", {
    name: "vechi.xlsx",
    workbook: file.toString("base64"),
  });
  expect(brought.status).toBe(201);
  const { pointsImportId } = brought.body;
  const at = `/points-imports/${pointsImportId}`;
  // 2: one column has a head that nobody can guess: it is mapped by hand.
  const guessed = (await call("GET", at)).body;
  expect(guessed.mapping.serial).toBeUndefined();
  expect((await call("PATCH", at, { mapping: { ...guessed.mapping, serial: 4 } })).status).toBe(204);
  // 3: what is wrong, with proposals.
  const checked = (await call("GET", at)).body;
  expect(checked).toMatchObject({
    lines: count,
    effect: { new: count - faulty, faulty },
    faultsTotal: faulty,
  });
  type Fault = { row: number; column: string; proposal: string | null };
  const faults = checked.faults as Fault[];
  // 4: proposals are taken together. 5: the others are mended cell by cell.
  const proposed = faults.filter(({ proposal }) => proposal !== null);
  const others = faults.filter(({ proposal }) => proposal === null);
  expect([proposed.length, others.length].every((some) => some > 0)).toBe(true);
  const fix = (some: readonly Fault[], value: (fault: Fault) => string) =>
    call("PATCH", at, {
      fixes: some.map((fault) => ({ row: fault.row, column: fault.column, value: value(fault) })),
    });
  expect((await fix(proposed, ({ proposal }) => proposal ?? "")).status).toBe(204);
  expect((await fix(others, () => "28.02.2026")).status).toBe(204);
  // 6: the effect. 7: it is run. 8: it is there.
  expect((await call("GET", at)).body).toMatchObject({ effect: { new: count, faulty: 0 }, faultsTotal: 0 });
  const started = await call("POST", `${at}/run`);
  await expect
    .poll(async () => (await findJob(db, started.body.jobId))?.state, { timeout: 90_000 })
    .toBe("done");
  expect((await call("GET", "/points?q=RO012BIG&limit=1")).body.total).toBe(count);
  const again = await call("POST", "/points-imports", {
    name: "alt.csv",
    text: [odd, row(1)].map((cells) => cells.join(";")).join("\n"),
  });
  expect((await call("GET", `/points-imports/${again.body.pointsImportId}`)).body.mapping.serial).toBe(4);
  expect((await call("POST", "/points-imports", { name: "bad.xlsx", workbook: "UEsDBAAA" })).body.code).toBe(
    "points-import.file-unreadable",
  );
}, 180_000);
