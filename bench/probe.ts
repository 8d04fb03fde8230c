import { appendActs, sql, trusted, verifyLog } from "@energsys/store";
import { startTestServer, stopTestServer, testDatabase } from "@energsys/store/testing";
await startTestServer();
const { db, drop } = await testDatabase();
const acts = Array.from({ length: 1_000 }, (_, nth) => ({ action: "change", kind: "parametrisation" as const, objectType: "installation", objectId: nth, before: { ct_ratio: 1, factor: 1, during: '["2024-01-01 00:00:00+00",)' }, after: { ct_ratio: 20, factor: 20, during: '["2024-01-01 00:00:00+00","2026-11-26 00:00:00+00")' }, reason: "schimb de transformatoare" }));
for (let i = 0; i < 50; i++) await appendActs(db, acts);
for (const q of ["select count(length(audit.canonical(log))) from audit.log", "select count(seq) from (select seq from audit.log order by seq offset 0) x",
 "select count(length(to_char(at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'))) from audit.log",
 "select count(length(before::text||after::text)) from audit.log",
 "select count(length(json_build_object('seq', seq, 'kind', kind, 'before', before, 'after', after)::text)) from audit.log",
 "select count(length(concat_ws(',', seq, kind, actor, role, before::text, after::text))) from audit.log",
 "select count(length(log::text)) from audit.log",
]) {
  const { rows } = await db.query<any>(trusted("explain (analyze, timing off) " + q));
  console.log(q.slice(0, 70), rows.at(-1)["QUERY PLAN"]);
}
console.log((await db.query<any>(trusted("explain verbose select audit.canonical(log) from audit.log"))).rows.map((r:any)=>r["QUERY PLAN"]).join("\n").slice(0,600));
const c0 = process.cpuUsage();
const v = await verifyLog(db); console.log(v, process.cpuUsage(c0));
await drop(); await stopTestServer();
