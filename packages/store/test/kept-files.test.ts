import { afterAll, beforeEach, expect, test } from "vitest";
import {
  addAccount,
  addReport,
  endReportRun,
  everywhere,
  findDataExport,
  queueDataExport,
  readDataExport,
  readRunFile,
  resealRetired,
  retireDataKeys,
  sealWaiting,
  sql,
  takeDelivery,
  trusted,
  writeDataExport,
} from "../src/index.ts";
import { testDatabase, testKeyRing } from "../src/testing.ts";

const { db, drop } = await testDatabase();
afterAll(drop);
const ring = testKeyRing(db);

const named = Buffer.from("RO001CANAR0000011;Țuțuianu Ștefănița\r\n");
/** More than two pieces, of which no two are equal. */
const long = Buffer.concat(Array.from({ length: 60_000 }, (_, nth) => Buffer.from(`${nth};${named}`)));
const { accountId } = (await addAccount(db, {
  name: "ana",
  displayName: "Ana",
  passwordHash: "none",
  language: "ro",
}))!;
const reportId = await addReport(db, {
  name: "Lunar",
  about: "",
  definition: { rows: "day", inputs: [], columns: [], period: { kind: "last-month" }, chart: null } as never,
  ownerId: accountId,
  by: "ana",
  nowMs: Date.UTC(2026, 10, 20),
});

async function madeExport(bytes: Buffer, format: "csv" | "xlsx" = "xlsx"): Promise<number> {
  const { dataExportId } = await db.transaction((transaction) =>
    queueDataExport(
      transaction,
      { subject: "s", energy: "A+", fromDay: "2026-10-01", toDay: "2026-10-02", format, language: "ro" },
      { by: "ana", scope: everywhere, action: "analysis.see", label: "x" },
    ),
  );
  const whole = await writeDataExport(
    db,
    { dataExportId, format },
    (async function* () {
      yield bytes;
    })(),
    { signal: new AbortController().signal, held: () => ({ points: 1, valueRows: 1 }) },
  );
  expect(whole).toBe(true);
  return dataExportId;
}
const exported = async (dataExportId: number) =>
  Buffer.concat(await Array.fromAsync(readDataExport(db, dataExportId)));

async function madeRun(file: Buffer): Promise<number> {
  const { rows } = await db.query<{ runId: number }>(sql`
    insert into report_run (report_id, version, account_id, requested_by, format, state, requested_at)
    values (${reportId}, 1, ${accountId}, 'ana', 'csv', 'running', now()) returning report_run_id as "runId"`);
  const { runId } = rows[0]!;
  const outcome = {
    fromDay: "2026-10-01",
    toDay: "2026-11-01",
    rows: 1,
    expected: 1,
    present: 1,
    estimated: 0,
  };
  const targets = [{ kind: "folder", target: "lunar.csv" }] as const;
  expect(
    await endReportRun(db, runId, { ...outcome, fileName: "lunar.csv", file }, targets, Date.now()),
  ).toBe(true);
  return runId;
}
const ran = async (runId: number) => (await readRunFile(db, accountId, { reportId, runId }))!.file;

/** Files in which these bytes stand as they are. */
async function inClear(): Promise<string[]> {
  const { rows } = await db.query<{ kept: string }>(sql`
    select 'export' as kept from data_export_part where position(${named}::bytea in bytes) > 0 and not is_packed
    union select 'report' from report_run where position(${named}::bytea in file) > 0`);
  return rows.map(({ kept }) => kept).sort();
}

beforeEach(async () => {
  await db.query(sql`delete from report_delivery`);
  await db.query(sql`update report_run set file = null, sealed_key = null`);
  await db.query(sql`delete from data_export`);
});

test("kept files name nobody in the database, and are given as they were made", async () => {
  const [workbook, text, runId] = [
    await madeExport(long),
    await madeExport(long, "csv"),
    await madeRun(named),
  ];
  expect(await inClear()).toEqual([]);
  expect((await exported(workbook)).equals(long)).toBe(true);
  expect((await exported(text)).equals(long)).toBe(true);
  expect(await findDataExport(db, workbook)).toMatchObject({ fileBytes: long.length });
  expect(await ran(runId)).toEqual(named);
  expect((await takeDelivery(db, Date.now()))?.file).toEqual(named);
});

test("a piece opens in its place alone, and a file by its own key alone", async () => {
  const [one, other] = [await madeExport(long), await madeExport(long)];
  const unreadable = { code: "secret.unreadable" };
  await db.query(sql`
    update data_export_part as p set bytes = q.bytes from data_export_part as q
    where p.data_export_id = ${one} and q.data_export_id = ${one} and p.part = 1 and q.part = 0`);
  await expect(exported(one)).rejects.toMatchObject(unreadable);
  await db.query(sql`
    update data_export as e set sealed_key = f.sealed_key from data_export as f
    where e.data_export_id = ${other} and f.data_export_id = ${one}`);
  await expect(exported(other)).rejects.toMatchObject(unreadable);
});

test("a new data key reaches the keys of files; the files stay as they lie", async () => {
  const [dataExportId, runId] = [await madeExport(long), await madeRun(named)];
  const lying = async () =>
    (
      await db.query<{ sha: string }>(sql`
        select encode(sha256(bytes), 'hex') as sha from data_export_part
        union all select encode(sha256(file), 'hex') from report_run where file is not null order by 1`)
    ).rows;
  const before = await lying();
  await retireDataKeys(db, "personal");
  expect(await resealRetired(db, ring, "personal")).toEqual({ resealed: 2, left: 0 });
  expect(await lying()).toEqual(before);
  expect((await exported(dataExportId)).equals(long)).toBe(true);
  expect(await ran(runId)).toEqual(named);
});

test("files that an earlier release kept in clear are readable, and sealed once, by however many processes", async () => {
  const [dataExportId, text, runId] = [
    await madeExport(long),
    await madeExport(named, "csv"),
    await madeRun(named),
  ];
  // As the release before left them: what is read now is what it wrote.
  const pieces = 1 << 20;
  for (let part = 0; part * pieces < long.length; part++)
    await db.query(sql`
      update data_export_part set bytes = ${long.subarray(part * pieces, (part + 1) * pieces)}
      where data_export_id = ${dataExportId} and part = ${part}`);
  await db.query(
    sql`update data_export_part set bytes = ${named}, is_packed = false where data_export_id = ${text}`,
  );
  await db.query(sql`update data_export set sealed_key = null`);
  await db.query(trusted("alter table report_run drop constraint report_run_file_sealed"));
  await db.query(
    sql`update report_run set file = ${named}, sealed_key = null where report_run_id = ${runId}`,
  );
  await db.query(
    trusted(
      "alter table report_run add constraint report_run_file_sealed check ((file is null) = (sealed_key is null)) not valid",
    ),
  );
  const whole = async () => {
    expect((await exported(dataExportId)).equals(long)).toBe(true);
    expect([await exported(text), await ran(runId)]).toEqual([named, named]);
  };
  expect(await inClear()).toEqual(["export", "report"]);
  await whole();
  const sealed = await Promise.all([sealWaiting(db, ring), sealWaiting(db, ring)]);
  expect(sealed[0] + sealed[1]).toBe(3);
  expect(await sealWaiting(db, ring)).toBe(0);
  expect(await inClear()).toEqual([]);
  await whole();
});
