import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  appendActs,
  type Database,
  findSigningKey,
  headsFileName,
  keepHead,
  readHeads,
  type Sql,
  signHead,
  sql,
  trusted,
  verifyLog,
} from "@energsys/store";
import { temporaryFolder, testDatabase } from "@energsys/store/testing";
import { afterAll, expect, test } from "vitest";

const { db, drop } = await testDatabase();
const folder = temporaryFolder("audit-");
afterAll(async () => {
  await drop();
  rmSync(folder, { recursive: true, force: true });
});
const key = findSigningKey(join(folder, "signing.key"));

async function write(count: number): Promise<void> {
  const reasons = ["schimb", 'ghilimele "și" diacritice ș ț', "\\ \t linii\nnoi", "🙂 \u0001"];
  for (let nth = 0; nth < count; nth++) {
    await appendActs(db, [
      {
        action: "view",
        objectType: "point",
        objectId: nth,
        records: nth,
        before: nth % 3 === 0 ? null : { ratio: 1.5, text: `înainte ${nth}`, list: [1, 2.0, 1e21] },
        after: { nth },
        ...(nth % 2 === 0 ? { reason: reasons[nth % reasons.length]! } : {}),
      },
    ]);
  }
}
await write(300);
const head = await signHead(db, key, Date.parse("2026-11-26T04:00:00Z"));
keepHead(folder, head);
const heads = readHeads(join(folder, headsFileName));

/** What somebody who owns the server does, past all triggers; undone afterwards. */
async function tamper<Result>(
  statements: readonly Sql[],
  look: (db: Database) => Promise<Result>,
): Promise<Result> {
  const undone = new Error("undone");
  let seen: Result | undefined;
  await db
    .transaction(async (transaction) => {
      await transaction.query(sql`set local session_replication_role = replica`);
      for (const statement of statements) await transaction.query(statement);
      seen = await look(transaction as Database);
      throw undone;
    })
    .catch((error) => {
      if (error !== undone) throw error;
    });
  return seen as Result;
}

test("an untouched log is whole, and agrees with the head outside", async () => {
  expect(await verifyLog(db, { heads })).toMatchObject({
    ok: true,
    from: 1,
    to: 300,
    entries: 300,
    heads: 1,
  });
  expect(await verifyLog(db, { from: 100, to: 199 })).toMatchObject({
    ok: true,
    from: 100,
    to: 199,
    entries: 100,
  });
  expect(await verifyLog(db, { from: 301 })).toMatchObject({ ok: true, entries: 0 });
});

/** A small generator, so that a failure can be repeated. */
let state = 20_261_126;
const random = (below: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};
const edits = [
  "actor = actor || 'x'",
  "role = 'postgres'",
  "at = at + interval '1 microsecond'",
  "records = records + 1",
  "after = jsonb_build_object('nth', -1)",
  "before = '{}'",
  "reason = coalesce(reason, '') || ' '",
  "object_id = '7'",
  "kind = 'parametrisation'",
  "severity = 'alarm'",
  "session = '0'",
  "hash = sha256(hash)",
];
/** A hundred ways: single fields, entries taken out, exchanged, cut off at the end, whole chains written anew. */
const attacks = Array.from({ length: 100 }, (_, nth) => {
  const seq = 1 + random(300);
  const kind = nth % 5;
  const edit = edits[random(edits.length)]!;
  if (kind <= 1) {
    return {
      what: `${edit} at ${seq}`,
      statements: [`update audit.log set ${edit} where seq = ${seq}`],
      first: seq,
    };
  }
  if (kind === 2) {
    return { what: `delete of ${seq}`, statements: [`delete from audit.log where seq = ${seq}`], first: seq };
  }
  if (kind === 3) {
    const cut = 200 + random(100);
    const statements = [
      `delete from audit.log where seq > ${cut}`,
      // Whoever knows the log moves its head as well: only the head outside tells.
      `update audit.head set (seq, hash) = (select seq, hash from audit.log where seq = ${cut})`,
    ];
    return {
      what: `cut after ${cut}`,
      statements: nth % 2 === 0 ? statements : statements.slice(0, 1),
      first: cut + 1,
    };
  }
  // The worst that can be done: the entry and all hashes after it computed again.
  const statements = [
    `update audit.log set actor = 'altcineva' where seq = ${seq}`,
    `do $$ declare entry audit.log; last bytea; begin
       select prev into last from audit.log where seq = ${seq};
       for entry in select * from audit.log where seq >= ${seq} order by seq loop
         entry.prev := last;
         last := sha256(last || convert_to(audit.canonical(entry), 'UTF8'));
         update audit.log set prev = entry.prev, hash = last where seq = entry.seq;
       end loop;
       update audit.head set hash = last;
     end $$`,
  ];
  return { what: `chain of ${seq} anew`, statements, first: 300 };
});

test("S28: a hundred random edits, deletes, cut tails and rewritten chains by a superuser are all found", async () => {
  const missed: string[] = [];
  for (const { what, statements, first } of attacks) {
    const verdict = await tamper(
      statements.map((text) => trusted(text)),
      (tampered) => verifyLog(tampered, { heads }),
    );
    if (verdict.fault?.seq !== first) missed.push(`${what}: ${JSON.stringify(verdict)}`);
  }
  expect(missed).toEqual([]);
}, 60_000);

test("without a head from outside a chain that was written anew cannot be told from the true one", async () => {
  const anew = attacks.find(({ what }) => what.endsWith("anew"))!;
  const verdict = await tamper(
    anew.statements.map((text) => trusted(text)),
    (tampered) => verifyLog(tampered),
  );
  expect(verdict.ok).toBe(true);
});

test("a head that was tampered with outside is refused", () => {
  const forged = join(folder, "forged.jsonl");
  writeFileSync(forged, `${JSON.stringify({ ...head, seq: 299 })}\n`);
  expect(() => readHeads(forged)).toThrow(expect.objectContaining({ code: "audit.head-forged" }));
  writeFileSync(forged, "nonsense\n");
  expect(() => readHeads(forged)).toThrow(expect.objectContaining({ code: "audit.heads-unreadable" }));
});

test("a month that was taken out leaves its last hash as the root of what is left", async () => {
  await tamper([], async (transaction) => {
    // Entries of 2026-01, as if the clock had stood there: the chain goes on across the months.
    await transaction.query(
      trusted(`do $$ declare entry audit.log; last bytea := (select hash from audit.root); begin
        perform audit.need_month('2026-01-15');
        for entry in select * from audit.log order by seq loop
          delete from audit.log where seq = entry.seq;
          if entry.seq <= 120 then entry.at := '2026-01-15'; end if;
          entry.prev := last;
          last := sha256(last || convert_to(audit.canonical(entry), 'UTF8'));
          entry.hash := last;
          insert into audit.log select entry.*;
        end loop;
        update audit.head set hash = last;
      end $$`),
    );
    expect(await verifyLog(transaction)).toMatchObject({ ok: true, entries: 300 });
    const { rows } = await transaction.query<{ dropped: number }>(
      sql`select audit.forget_before('2026-02-01') as dropped`,
    );
    expect(rows[0]?.dropped).toBe(1);
    expect(await verifyLog(transaction)).toMatchObject({ ok: true, from: 121, to: 300, entries: 180 });
    await transaction.query(sql`delete from audit.log where seq = 121`);
    expect(await verifyLog(transaction)).toMatchObject({ ok: false, fault: { seq: 121 } });
  });
});

test("entries that others write while it looks are looked at too, and not called cut off", async () => {
  const { to: last } = await verifyLog(db);
  let others = 3;
  const query = async (statement: Sql) => {
    // Between the last entry that was read and the head: that is when somebody else writes.
    if (statement.text.includes("from audit.head") && others-- > 0) await write(2);
    return db.query(statement);
  };
  const busy = new Proxy(db, {
    get: (_, name) => {
      const own = name === "query" ? query : Reflect.get(db, name);
      return typeof own === "function" ? own.bind(db) : own;
    },
  });
  expect(await verifyLog(busy)).toMatchObject({ ok: true, to: last + 6 });
  expect(others).toBeLessThan(0);
});
