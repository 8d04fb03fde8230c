import { createHash } from "node:crypto";
import {
  actingAs,
  addAccount,
  appendActs,
  auditHashKey,
  because,
  importInventory,
  openDatabase,
  sql,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, expect, test } from "vitest";
import { inventoryOf } from "../field.ts";

const { db, url, drop } = await testDatabase();
afterAll(drop);

interface Entry {
  readonly seq: number;
  readonly kind: string;
  readonly severity: string;
  readonly actor: string;
  readonly action: string;
  readonly object_type: string;
  readonly object_id: string | null;
  readonly records: number;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly [column: string]: unknown;
}

/** Entries that `work` left in the log. */
async function entriesOf(work: () => Promise<unknown>): Promise<Entry[]> {
  const { rows: before } = await db.query<{ seq: number }>(sql`select seq from audit.head`);
  await work();
  const { rows } = await db.query<Entry>(
    sql`select * from audit.log where seq > ${before[0]?.seq} order by seq`,
  );
  return rows;
}

const ana = actingAs(db, {
  actor: "ana",
  session: "0123abcd",
  address: "10.0.0.7",
  page: "points",
  operation: "changeRatio",
});

test("a change of configuration is there with who made it, why, and only the fields that changed", async () => {
  await importInventory(db, inventoryOf(1));
  const [entry, ...more] = await entriesOf(() =>
    because(ana, "schimb de transformatoare").query(sql`
      update installation set ct_ratio = 20, vt_ratio = vt_ratio`),
  );
  expect(more).toEqual([]);
  expect(entry).toMatchObject({
    kind: "parametrisation",
    severity: "normal",
    actor: "ana",
    session: "0123abcd",
    address: "10.0.0.7",
    page: "points",
    operation: "changeRatio",
    reason: "schimb de transformatoare",
    action: "change",
    object_type: "installation",
    records: 1,
    before: { ct_ratio: 1, factor: 1 },
    after: { ct_ratio: 20, factor: 20 },
  });
});

test("what is rolled back is not in the log, and leaves no gap in its numbers", async () => {
  const entries = await entriesOf(async () => {
    await ana
      .transaction(async (transaction) => {
        await transaction.query(sql`update branch set name = name || '?'`);
        throw new Error("no");
      })
      .catch(() => {});
    await ana.query(sql`update branch set name = name || '!'`);
  });
  expect(entries.length).toBeGreaterThan(0);
  const { rows } =
    await db.query(sql`select seq from audit.log where seq <> (select min(seq) from audit.log as l2)
    and not exists (select from audit.log as l3 where l3.seq = log.seq - 1)`);
  expect(rows).toEqual([]);
});

test("the state of a device, a launcher's heartbeat and a change to the same are no entries", async () => {
  await db.query(sql`insert into setting (name, value) values ('launcher', '{}')`);
  expect(
    await entriesOf(async () => {
      await ana.query(sql`update device set last_contact_at = now(), clock_offset_ms = 4`);
      await ana.query(sql`update device_plan set next_at = now()`);
      await ana.query(sql`update setting set value = '{"at": 1}' where name = 'launcher'`);
      await ana.query(sql`update meter set index_digits = index_digits`);
    }),
  ).toEqual([]);
});

test("many new rows of one statement are one entry with their number; a few are one each", async () => {
  const many = await entriesOf(() => importInventory(ana, inventoryOf(150)));
  const points = many.filter((entry) => entry.object_type === "point" && entry.action === "add");
  expect(points).toHaveLength(1);
  expect(points[0]).toMatchObject({ records: 149, object_id: null, actor: "ana" });
  const range = points[0]?.after as { first: number; last: number };
  expect(range.last - range.first).toBe(148);
  const named = await entriesOf(() =>
    ana.query(
      sql`insert into setting (name, value) select 'many ' || nth, '{}' from generate_series(1, 101) as nth`,
    ),
  );
  expect(named).toMatchObject([{ object_type: "setting", records: 101, after: {} }]);
  const few = await entriesOf(() =>
    ana.query(sql`insert into reading_plan (name, every_seconds) values ('a', 900), ('b', 3600)`),
  );
  expect(few.map((entry) => entry.after?.name)).toEqual(["a", "b"]);
});

test("a secret shows as ***, a name as a hash under the installation's key, without the key as ***", async () => {
  const key = auditHashKey(new Uint8Array(32).fill(7));
  const keyed = openDatabase({ url, hashKey: key, applicationName: "energsys-server" });
  const [added] = await entriesOf(() =>
    addAccount(keyed, { name: "dan", displayName: "Dan Canar", passwordHash: "$canar$", language: "ro" }),
  );
  const hash = (value: string) => {
    const inner = createHash("sha256").update(key).update(value).digest();
    return `#${createHash("sha256").update(key).update(inner).digest("hex").slice(0, 16)}`;
  };
  expect(added).toMatchObject({
    actor: "process:server",
    after: { name: "dan", password_hash: "***", display_name: hash("Dan Canar") },
  });
  await keyed.close();
  const [changed] = await entriesOf(() =>
    ana.query(sql`update account set display_name = 'Dan Alt', password_hash = 'other' where name = 'dan'`),
  );
  expect(changed).toMatchObject({
    before: { password_hash: "***", display_name: "***" },
    after: { password_hash: "***", display_name: "***" },
  });
  const { rows } = await db.query<{ text: string }>(
    sql`select string_agg(log::text, '') as text from audit.log`,
  );
  expect(rows[0]?.text).not.toMatch(/canar|Dan Alt/i);
});

test("a write that comes past every process of ours is unknown/sql, and an alarm", async () => {
  const [entry] = await entriesOf(() =>
    db.transaction(async (transaction) => {
      await transaction.query(sql`select set_config('app.actor', '', true)`);
      await transaction.query(sql`update reading_plan set every_seconds = 600 where name = 'a'`);
    }),
  );
  expect(entry).toMatchObject({ actor: "unknown/sql", severity: "alarm", operation: "energsys" });
});

test("acts of people stand beside changes, in order", async () => {
  const entries = await entriesOf(() =>
    ana.transaction(async (transaction) => {
      await appendActs(transaction, [
        { action: "export", objectType: "point", records: 412, after: { filter: { branch: 3 } } },
      ]);
      await transaction.query(sql`update reading_plan set every_seconds = 700 where name = 'a'`);
    }),
  );
  expect(entries.map(({ kind, action, records }) => [kind, action, records])).toEqual([
    ["application", "export", 412],
    ["parametrisation", "change", 1],
  ]);
});

test("the log can be neither changed, nor shortened, nor emptied", async () => {
  for (const statement of [
    sql`update audit.log set actor = 'nobody'`,
    sql`delete from audit.log`,
    sql`truncate audit.log`,
    sql`delete from audit.root`,
  ]) {
    await expect(db.query(statement)).rejects.toMatchObject({ code: "42501" });
  }
  const { rows } = await db.query<{ name: string }>(
    sql`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'audit.log'::regclass`,
  );
  for (const { name } of rows) {
    await expect(db.query({ text: `truncate ${name}`, values: [] })).rejects.toMatchObject({ code: "42501" });
    await expect(db.query({ text: `delete from ${name}`, values: [] })).rejects.toMatchObject({
      code: "42501",
    });
  }
});
