import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkSignedFile, findSigningKey, headsFileName, readHeads, sql, trusted } from "@energsys/store";
import { afterAll, expect, test } from "vitest";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";

const folder = mkdtempSync(join(tmpdir(), "energsys-log-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const signingKey = findSigningKey(join(folder, "log.key"));
const server = await testServer({ signingKey, logHeadsFolder: folder });
const { db, services } = server;
await importPoints(db, [networkPoint(1), networkPoint(2)], {
  name: "15 min",
  everySeconds: 900,
  backfillDays: 40,
});
const call = browserOf(server, await firstAccount(server));
const { rows: made } = await db.query<{ id: number }>(
  sql`select point_id as id from point order by point_id`,
);
const pointId = made[0]?.id ?? 0;

interface Row {
  readonly seq: number;
  readonly actor: string;
  readonly action: string;
  readonly objectType: string;
  readonly pointId: number | null;
  readonly objectName: string | null;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly reason: string | null;
}
const rowsOf = async (query: string): Promise<Row[]> => (await call("GET", `/log?${query}`)).body.rows;

test("the log is filtered by user, page, period and kind, and read on page by page", async () => {
  const all = await rowsOf("limit=500");
  expect(all.map(({ seq }) => seq)).toEqual(all.map(({ seq }) => seq).toSorted((a, b) => b - a));
  expect(new Set((await rowsOf("actor=ana")).map(({ actor }) => actor))).toEqual(new Set(["ana"]));
  expect((await rowsOf("actor=nimeni")).length).toBe(0);
  expect((await rowsOf("to=2020-01-01T00:00:00Z")).length).toBe(0);
  const first = (await call("GET", "/log?limit=2")).body;
  expect(first).toMatchObject({ more: true });
  const next = await rowsOf(`limit=2&before=${first.rows[1].seq}`);
  expect(next[0]?.seq).toBe(first.rows[1].seq - 1);
  expect((await call("GET", "/log?objectType=point")).status).toBe(400);
  expect((await call("GET", "/log/names")).body.actors).toEqual(expect.arrayContaining(["ana", "anonymous"]));
});

test("the communication log shows who asked which device, and how it ended", async () => {
  await call("POST", `/points/${pointId}/reads`);
  const { rows } = (await call("GET", `/log/communication?point=${pointId}&actor=ana`)).body;
  expect(rows).toMatchObject([
    { actor: "ana", cause: "read-now", pointId, pod: networkPoint(1).pod, state: "queued" },
  ]);
});

test.each(["jsonl", "csv"])(
  "a file of the log (%s) carries its signature, and a changed byte shows",
  async (ending) => {
    const { text, status } = await call("GET", `/log.${ending}?objectType=point&objectId=${pointId}`);
    expect(status).toBe(200);
    const bytes = Buffer.from(text, "utf8");
    const checked = checkSignedFile(bytes);
    expect(checked.fingerprint).toBe(signingKey.fingerprint);
    if (ending === "jsonl") expect(checked.entries).toBeGreaterThan(4);
    const changed = Buffer.from(text.replace("ana", "dan"), "utf8");
    expect(() => checkSignedFile(changed)).toThrow(expect.objectContaining({ code: "audit.file-changed" }));
    expect(() => checkSignedFile(bytes.subarray(0, -20))).toThrow(
      expect.objectContaining({ code: "audit.file-unsigned" }),
    );
    const [newest] = await rowsOf("limit=1");
    expect(newest).toMatchObject({ actor: "ana" });
    expect((await rowsOf("severity=security&limit=3")).map(({ action }) => action)).toContain("export");
  },
);

test("once an hour the chain is verified and its head signed outside; a fault is an alarm", async () => {
  await services.logWatch.look();
  const checked = (await call("GET", "/log?limit=1")).body.checked;
  expect(checked).toMatchObject({ upTo: expect.any(Number), at: expect.any(String), fault: null });
  expect(readHeads(join(folder, headsFileName))).toHaveLength(1);
  expect(readFileSync(join(folder, headsFileName), "utf8")).toContain(signingKey.publicKey);
  const seq = checked.upTo + 1;
  await call("GET", "/points/2");
  await db.transaction(async (transaction) => {
    await transaction.query(sql`set local session_replication_role = replica`);
    await transaction.query(trusted(`update audit.log set actor = 'dan' where seq = ${seq}`));
  });
  await services.logWatch.look();
  expect((await call("GET", "/log?limit=1")).body.checked.fault).toEqual({ seq, reason: "changed" });
  expect((await rowsOf("severity=alarm"))[0]).toMatchObject({ action: "log-broken", after: { seq } });
});
