import { marketDay } from "@energsys/metering";
import { addGroup, applyGroupChange, everywhere, keepHouse, readDataExport, sql } from "@energsys/store";
import { testKeyRing } from "@energsys/store/testing";
import { parse } from "csv-parse/sync";
import { parquetReadObjects } from "hyparquet";
import pino from "pino";
import { afterAll, expect, test } from "vitest";
import { jobKinds } from "../src/jobs/kinds.ts";
import { JobRunner } from "../src/jobs/runner.ts";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";
import { addChannel, writeDay } from "./stored-days.ts";
import { readSheet } from "./workbook-reader.ts";

const zone = "Europe/Bucharest";
const server = await testServer({ limits: { exportRowsMax: 600 } });
const { db } = server;
const call = browserOf(server, await firstAccount(server));
await importPoints(
  db,
  [1, 2, 3].map((n) => networkPoint(n, { installedAt: "2025-01-01T00:00:00Z" })),
);
const { rows: points } = await db.query<{ pointId: number }>(
  sql`select point_id as "pointId" from point order by point_id`,
);
for (const [nth, { pointId }] of points.entries()) {
  const channelId = await addChannel(db, { pointId });
  for (const day of ["2026-10-24", "2026-10-25", "2026-10-26"])
    await writeDay(db, {
      channelId,
      day,
      zone,
      valueAt: (slot) => ({ value: nth === 1 && slot === 4 ? null : nth * 1000 + slot }),
    });
}
const [first, second] = points.map(({ pointId }) => pointId) as [number, number, number];
const groupId = await addGroup(db, { kind: "free", name: "Cartier", branchId: null });
// Members from the beginning of the 25th on.
await applyGroupChange(
  db,
  everywhere,
  {
    groupId,
    side: "members",
    fromMs: Date.parse("2026-10-24T21:00:00Z"),
    add: [first, second].map((pointId) => ({ pointId, sign: 1 as const })),
  },
  { by: "ana", reason: "" },
);
const runner = new JobRunner({
  db,
  keyRing: testKeyRing(db),
  kinds: jobKinds,
  zone,
  now: () => server.clock.ms,
  logger: pino({ level: "silent" }),
  tellMs: 50,
  lookMs: 100,
});
await runner.start();
afterAll(() => runner.stop());

const days = { from: "2026-10-24", to: "2026-10-27" };
const asked = (of: string) => `of=${of}&energy=A%2B&from=${days.from}&to=${days.to}`;

async function bytesOf(dataExportId: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Buffer[] = [];
  for await (const part of readDataExport(db, dataExportId)) parts.push(part);
  return Uint8Array.from(Buffer.concat(parts));
}

async function madeFile(body: object): Promise<{ dataExportId: number; row: Record<string, unknown> }> {
  const { status, body: queued } = await call("POST", "/exports", body);
  expect(status).toBe(202);
  const { dataExportId } = queued;
  const row = async () =>
    (await call("GET", "/exports")).body.rows.find(
      (each: { dataExportId: number }) => each.dataExportId === dataExportId,
    );
  await expect.poll(async () => (await row()).state, { timeout: 20_000 }).toBe("done");
  return { dataExportId, row: await row() };
}

test("values of one point come at once, with both quarter-hours of the repeated one and what is missing", async () => {
  const { text, status } = await call("GET", `/analysis/values.csv?${asked(`p${second}`)}`);
  expect(status).toBe(200);
  const lines = text.split("\r\n");
  expect(lines).toContain("RO001EMO0000002;2026-10-25T03:15:00;UTC+03:00;900;1013;Wh;măsurat");
  expect(lines).toContain("RO001EMO0000002;2026-10-25T03:15:00;UTC+02:00;900;1017;Wh;măsurat");
  expect(lines).toContain("RO001EMO0000002;2026-10-26T01:00:00;UTC+02:00;900;;Wh;lipsă");
  const { rows } = await db.query(
    sql`select after from audit.log where action = 'export' and object_type = 'report' order by seq desc limit 1`,
  );
  expect(rows[0]).toMatchObject({ after: { report: "values-2026-10-24-2026-10-27", format: "csv" } });
});

test("what is too long to be sent at once is refused with its size, and written by a job", async () => {
  expect((await call("GET", `/analysis/values?${asked("s")}`)).body).toEqual({
    points: 3,
    rows: 3 * 292,
    rowsMax: 600,
  });
  const refused = await call("GET", `/analysis/values.csv?${asked("s")}`);
  expect([refused.status, refused.body.code]).toEqual([400, "export.too-large"]);
  const { dataExportId, row } = await madeFile({ of: "s", energy: "A+", ...days, format: "csv" });
  expect(row).toMatchObject({ points: 3, rows: 3 * 292, format: "csv" });
  const { text, headers } = await call("GET", `/exports/${dataExportId}/file`);
  expect(headers["content-length"]).toBe(String(row["bytes"]));
  expect(text.split("\r\n").filter((line) => line.startsWith("RO001EMO"))).toHaveLength(3 * 292);
});

test("UX-16: a workbook and a CSV that a job wrote are read back by other libraries, every cell as it is stored", async () => {
  const stored = points.flatMap(({ pointId }, nth) => {
    const pod = `RO001EMO000000${pointId}`;
    return ["2026-10-24", "2026-10-25", "2026-10-26"].flatMap((day) => {
      const { startMs, endMs } = marketDay(day, zone);
      return Array.from({ length: (endMs - startMs) / 900_000 }, (_, slot) => {
        const at = Temporal.Instant.fromEpochMilliseconds(startMs + slot * 900_000).toZonedDateTimeISO(zone);
        const missing = nth === 1 && slot === 4;
        return {
          ...{
            pod,
            local: at.toPlainDateTime().toString({ smallestUnit: "second" }),
            offset: `UTC${at.offset}`,
          },
          ...{ value: missing ? undefined : nth * 1000 + slot, quality: missing ? "lipsă" : "măsurat" },
        };
      });
    });
  });
  expect(stored).toHaveLength(3 * 292);
  const asked = { of: "s", energy: "A+", ...days };
  const workbook = await madeFile({ ...asked, format: "xlsx" });
  const [head, ...sheet] = await readSheet(await bytesOf(workbook.dataExportId));
  expect(head).toEqual([
    "POD",
    "Început interval",
    "Decalaj UTC",
    "Interval [s]",
    "Valoare",
    "Unitate",
    "Calitate",
  ]);
  expect(sheet).toEqual(
    stored.map(({ pod, local, offset, value, quality }) => [
      ...[pod, new Date(`${local}Z`), offset, 900, value, "Wh", quality],
    ]),
  );
  const csv = await madeFile({ ...asked, format: "csv" });
  const lines: string[][] = parse(Buffer.from(await bytesOf(csv.dataExportId)), {
    ...{ delimiter: ";", bom: true, relax_column_count: true },
  });
  expect(lines.slice(-stored.length)).toEqual(
    stored.map(({ pod, local, offset, value, quality }) => [
      ...[pod, local, offset, "900", value === undefined ? "" : String(value), "Wh", quality],
    ]),
  );
});

test("a Parquet file holds exact decimals and local times, and of a group what was a member then", async () => {
  const { dataExportId, row } = await madeFile({
    of: `g${groupId}`,
    energy: "A+",
    ...days,
    format: "parquet",
  });
  expect(row).toMatchObject({ name: "Cartier", points: 2, rows: 2 * 196 });
  const file = await bytesOf(dataExportId);
  const rows = await parquetReadObjects({ file: file.buffer });
  expect(rows).toHaveLength(2 * 196);
  expect(rows[0]).toEqual({
    pod: "RO001EMO0000001",
    interval_start_local: new Date("2026-10-25T00:00:00Z"),
    utc_offset: "UTC+03:00",
    interval_seconds: 900,
    value: 0,
    unit: "Wh",
    quality: "măsurat",
  });
  expect(rows.filter(({ value }) => value === null)).toHaveLength(2);
  expect(rows.at(-1)).toMatchObject({ value: 1095, utc_offset: "UTC+02:00" });
});

test("a file is its asker's alone, and goes when it is taken away or its days are over", async () => {
  const made = await madeFile({ of: `p${first}`, energy: "A+", ...days, format: "xlsx" });
  const asked = await call("POST", "/exports", { of: `p${first}`, energy: "A+", ...days, format: "csv" });
  await db.query(
    sql`update data_export set requested_by = 'someone' where data_export_id = ${asked.body.dataExportId}`,
  );
  expect((await call("GET", `/exports/${asked.body.dataExportId}/file`)).body.code).toBe("export.not-found");
  expect((await call("DELETE", `/exports/${asked.body.dataExportId}`)).status).toBe(404);
  expect((await call("DELETE", `/exports/${made.dataExportId}`)).status).toBe(204);
  expect((await call("GET", `/exports/${made.dataExportId}/file`)).status).toBe(404);
  await keepHouse(db, Date.now() + 8 * 86_400_000);
  const { rows } = await db.query(sql`select from data_export_part`);
  expect(rows).toEqual([]);
});

test("a file that is not whole is not sent; one that was cancelled leaves nothing", async () => {
  await runner.stop();
  const { body } = await call("POST", "/exports", { of: "s", energy: "A+", ...days, format: "csv" });
  expect((await call("GET", `/exports/${body.dataExportId}/file`)).body.code).toBe("export.not-ready");
  await call("POST", `/jobs/${body.jobId}/cancel`);
  const { body: list } = await call("GET", "/exports");
  expect(list.rows[0]).toMatchObject({ dataExportId: body.dataExportId, state: "cancelled", madeAt: null });
});
