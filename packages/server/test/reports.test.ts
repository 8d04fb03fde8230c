import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { tariffTemplates } from "@energsys/metering";
import {
  addAccount,
  addGrants,
  addGroup,
  everywhere,
  holdKeyRing,
  listRoles,
  openDatabase,
  openSession,
  queryContext,
  type ReportDefinition,
  readBranches,
  sql,
} from "@energsys/store";
import { testKeyRing, urlOfRole } from "@energsys/store/testing";
import { pino } from "pino";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { jobKinds } from "../src/jobs/kinds.ts";
import { ReportClock } from "../src/jobs/report-clock.ts";
import { JobRunner } from "../src/jobs/runner.ts";
import { runReport } from "../src/reports/run-report.ts";
import { addTransformer } from "./add-transformer.ts";
import { foldAll } from "./fold-all.ts";
import { browserOf, firstAccount, host, importPoints, networkPoint, origin, testServer } from "./harness.ts";
import { addChannel, writeDay } from "./stored-days.ts";

const zone = "Europe/Bucharest";
const server = await testServer();
const { db, clock, url } = server;
const logger = pino({ level: "silent" });
// The days lie around the day of 100 quarter-hours; it is the 2nd of November now.
clock.ms = Date.UTC(2026, 10, 2, 8);
const ana = await firstAccount(server);
const call = browserOf(server, ana);
await importPoints(
  db,
  [1, 2, 3].map((n) => networkPoint(n, { installedAt: "2025-01-01T00:00:00Z" })),
);
const points = (
  await db.query<{ id: number }>(sql`select point_id as id from point order by point_id`)
).rows.map(({ id }) => id) as [number, number, number];
const days = ["2026-10-24", "2026-10-25", "2026-10-26"];
for (const [nth, pointId] of points.entries()) {
  const channelId = await addChannel(db, { pointId });
  for (const day of days) {
    await writeDay(db, {
      channelId,
      day,
      zone,
      valueAt: (slot) => ({
        // The third is the balance meter: what both took, and a tenth on top. Of the second an hour is missing on the 26th.
        value: nth === 2 ? 3300 : nth === 1 && day === "2026-10-26" && slot < 4 ? null : (nth + 1) * 1000,
        flags: nth === 0 && day === "2026-10-24" && slot === 10 ? 0x0800 : 0,
      }),
    });
    await db.query(
      sql`insert into load_day_change (channel_ids, days) values (array[${channelId}::int], array[${day}::date])`,
    );
  }
}
const groupId = await addTransformer(db, "PT 7", { members: points.slice(0, 2), balance: points.slice(2) });
await foldAll(db, { zone, nowMs: clock.ms });

const fixed = { kind: "fixed", fromDay: "2026-10-24", toDay: "2026-10-27" } as const;
const losses = {
  rows: "day",
  inputs: [
    { name: "In", of: `m${groupId}`, energy: "A+" },
    { name: "Out", of: `g${groupId}`, energy: "A+" },
  ],
  columns: [
    { title: "Intrare", formula: "sum([In])" },
    { title: "Pierderi", formula: "ratio(sum([In]) - sum([Out]); sum([In]))" },
  ],
  period: fixed,
  chart: "bar",
};

test("each day is computed for itself, the day of 100 quarter-hours too, and the total over all of it", async () => {
  const { body } = await call("POST", "/report-previews", { definition: losses });
  expect(body.columns.map(({ title, unit }: { title: string; unit: string }) => [title, unit])).toEqual([
    ["Intrare", "kWh"],
    ["Pierderi", "%"],
  ]);
  expect(body.rows.map(({ key, cells }: { key: string; cells: string[] }) => [key, ...cells])).toEqual([
    ["2026-10-24", "316.800", "9.1"],
    ["2026-10-25", "330.000", "9.1"],
    // The hour that is missing of the second point lies in the losses, and the row says that something is.
    ["2026-10-26", "316.800", "11.6"],
  ]);
  expect(body.rows[2].coverage).toEqual({ expected: 288, present: 284, good: 284, estimated: 0 });
  expect(body.rows[2].flags[1] & 0x40).toBe(0x40);
  expect(body.rows[0].flags).toEqual([0, 0x0800]);
  expect(body.total).toEqual(["963.600", "9.9"]);
  expect(body.coverage).toEqual({ expected: 876, present: 872, good: 872, estimated: 1 });
});

test("by interval, by subject and by the members of a group; a gap is a gap", async () => {
  const interval = {
    ...losses,
    rows: "interval",
    inputs: [{ name: "A+", of: `p${points[1]}`, energy: "A+" }],
    columns: [
      { title: "P", formula: "power([A+])" },
      { title: "Maxim", formula: "maxof(power([A+]))" },
    ],
  };
  const { body } = await call("POST", "/report-previews", { definition: interval });
  expect(body.rows).toHaveLength(292);
  expect(body.rows[100]).toMatchObject({ key: "2026-10-24T22:00:00.000Z", cells: ["8.000", null] });
  expect(body.rows[196].cells).toEqual([null, null]);
  expect([body.step, body.total]).toEqual([900, [null, "8.000"]]);
  const subjects = {
    ...losses,
    rows: "subject",
    subjects: [`g${groupId}`],
    each: "point",
    inputs: [{ name: "A+", of: "row", energy: "A+" }],
    columns: [
      { title: "Energie", formula: "sum([A+])" },
      { title: "Lipsă", formula: "count(ismissing([A+]))", decimals: 0 },
    ],
  };
  const { body: rows } = await call("POST", "/report-previews", { definition: subjects });
  expect(rows.rows.map((row: { name: string; cells: string[] }) => [row.name, ...row.cells])).toEqual([
    ["RO001EMO0000001", "292.000", "0"],
    ["RO001EMO0000002", "576.000", "4"],
  ]);
  const transformers = {
    ...losses,
    rows: "subject",
    subjects: ["s"],
    each: "group",
    inputs: [
      { name: "In", of: "row-balance", energy: "A+" },
      { name: "Out", of: "row", energy: "A+" },
    ],
    columns: [
      { title: "%", formula: "ratio(sum([In]) - sum([Out]); sum([In]))" },
      { title: "Membru maxim", formula: "maxof(maxof(members([Out])))" },
    ],
  };
  const { body: groups } = await call("POST", "/report-previews", { definition: transformers });
  expect(groups.rows).toMatchObject([{ key: `g${groupId}`, name: "PT 7", cells: ["9.9", "2.000"] }]);
});

test("curves of members are folded in parts that have room, and what is the same for every row is made once", async () => {
  const members = {
    ...losses,
    rows: "subject",
    subjects: [`g${groupId}`, `p${points[0]}`, `p${points[1]}`],
    inputs: [
      { name: "Row", of: "row", energy: "A+" },
      { name: "Group", of: `g${groupId}`, energy: "A+" },
    ],
    columns: [
      { title: "Maxim", formula: "maxof(maxof(members([Group])))" },
      { title: "P50", formula: "sum(percentile(members([Group]); 50))" },
      { title: "Din ieri", formula: "sum(shift(sum(members([Row])); -1d))" },
      { title: "Numărate", formula: "sum(count(members([Row])))", decimals: 0 },
      { title: "Diferență", formula: "sum([Group]) - sum([Row])" },
    ],
  } as ReportDefinition;
  const fold = vi.spyOn(server.services.formulas, "fold");
  const run = vi.spyOn(server.services.formulas, "run");
  const computed = async (reportSlotsMax: number) => {
    const { zone, limits, formulas } = server.services;
    const place = { context: queryContext(db), zone, nowMs: clock.ms, runner: formulas };
    const result = await runReport(
      { ...place, limits: { ...limits, reportSlotsMax } },
      everywhere,
      structuredClone(members),
    );
    return result.rows.map(({ key, cells, coverage }) => ({ key, cells, coverage }));
  };
  const whole = await computed(500_000);
  expect(whole.map(({ cells }) => cells.map(({ value }) => Math.round(value)))).toEqual([
    // Of the day before the report nothing is known; the 26th lacks an hour of the second point.
    [2000, 436_000, 288_000 + 300_000, 292 + 288, 0],
    [2000, 436_000, 96_000 + 100_000, 292, 576_000],
    [2000, 436_000, 192_000 + 200_000, 288, 292_000],
  ]);
  expect([fold.mock.calls.length, run.mock.calls.length]).toEqual([2, 1]);
  // The inputs that do not change are one object, and so go over to the thread once.
  const sets = run.mock.calls[0]![0].sets;
  expect(new Set(sets.map((set) => set[1])).size).toBe(1);
  fold.mockClear();
  // Room for one day of two members: what is not the size of a day is told by the data.
  expect(await computed(2 * 96)).toEqual(whole);
  const held = fold.mock.calls.map(([{ rows }]) =>
    rows.reduce((sum, { slots, members: list }) => sum + slots * list.length, 0),
  );
  expect(Math.max(...held)).toBeLessThanOrEqual(2 * 100);
  expect(held.length).toBeGreaterThan(8);
  fold.mockRestore();
  run.mockRestore();
});

test("band goes by the rates of the tariff that is chosen, as the multi-rate report does", async () => {
  const terms = structuredClone(tariffTemplates.find(({ code }) => code === "RO-ZI-NOAPTE")!.terms);
  const tariff = { code: "ZN", name: "Zi și noapte", toDay: null, reason: "decizia 12" };
  // It begins on the 25th: the day before belongs to no rate.
  const added = await call("POST", "/tariffs", { ...tariff, fromDay: "2026-10-25", terms });
  const { tariffId } = added.body;
  const definition = {
    ...losses,
    inputs: [{ name: "A+", of: `p${points[0]}`, energy: "A+" }],
    columns: [
      { title: "Zi", formula: 'sum(band([A+]; "zi"))' },
      { title: "Noapte", formula: 'sum(band([A+]; "noapte"))' },
    ],
  };
  const { body: check } = await call("POST", "/report-checks", { definition });
  expect(check.columns[0]).toMatchObject({
    code: "formula.unknown-rate",
    sentence: expect.stringContaining("Tariful ales nu are zona „zi”"),
  });
  const { body } = await call("POST", "/report-previews", { definition: { ...definition, tariffId } });
  const asked = `of=p${points[0]}&from=2026-10-25&to=2026-10-27&energies=A%2B&by=day&tariff=${tariffId}`;
  const { body: rated } = await call("GET", `/analysis/multi-rate?${asked}`);
  // A Sunday has no interval of the day's rate: nothing is there to be summed.
  const kWh = (text: string) => (text === "0" ? null : (Number(text) / 1000).toFixed(3));
  expect(body.rows.map(({ key, cells }: { key: string; cells: string[] }) => [key, ...cells])).toEqual([
    ["2026-10-24", null, null],
    ...rated.energies[0].buckets.map(({ key, zones }: { key: string; zones: string[] }) => [
      key,
      ...zones.map(kWh),
    ]),
  ]);
  const { body: language } = await call("GET", "/report-functions");
  expect(language.tariffs).toEqual([{ tariffId, code: "ZN", name: "Zi și noapte", rates: ["zi", "noapte"] }]);
});

test("what is refused is a sentence with the column, while writing and when it runs", async () => {
  const definition = {
    ...losses,
    columns: [{ title: "Greșit", formula: "sum([In] + 3 V)" }, losses.columns[0]],
  };
  const { body } = await call("POST", "/report-checks", { definition });
  expect(body.columns).toMatchObject([
    {
      code: "formula.add-units",
      column: 10,
      sentence: "kWh și V nu se pot aduna sau alege împreună, coloana 10",
    },
    { code: null, unit: "kWh", byInterval: false },
  ]);
  const preview = await call("POST", "/report-previews", { definition });
  expect([preview.status, preview.body.code, preview.body.detail]).toEqual([
    409,
    "report.refused",
    "„Greșit”: kWh și V nu se pot aduna sau alege împreună, coloana 10",
  ]);
  const foreign = { ...losses, inputs: [{ name: "In", of: "p999999999", energy: "A+" }, losses.inputs[1]] };
  expect((await call("POST", "/report-previews", { definition: foreign })).body.detail).toMatch(/„In”/);
  const twice = { ...losses, inputs: [losses.inputs[0], losses.inputs[0]] };
  expect((await call("POST", "/reports", { name: "X", about: "", definition: twice })).status).toBe(400);
});

/** Somebody with a role in one branch, or everywhere. */
async function person(name: string, ready: string, branchId: number | null) {
  const account = await addAccount(db, { name, displayName: name, passwordHash: "none", language: "en" });
  const accountId = account!.accountId;
  const { roleId } = (await listRoles(db, clock.ms)).find((role) => role.ready === ready)!;
  const grant = {
    roleId,
    action: null,
    branchId,
    supplierId: null,
    validFromMs: clock.ms - 86_400_000 * 30,
    validUntilMs: null,
    reason: "",
  };
  await addGrants(db, { accountId, grants: [grant], grantedBy: null, nowMs: clock.ms });
  const id = randomBytes(32).toString("base64url");
  await openSession(db, {
    sha256: createHash("sha256").update(id).digest(),
    accountId,
    csrfToken: "csrf",
    nowMs: clock.ms,
    endsAtMs: clock.ms + 3_600_000,
  });
  return { accountId, browser: browserOf(server, { cookie: `sid=${id}`, csrfToken: "csrf" }) };
}

const saved = async (name: string, definition: object = losses, as = call): Promise<number> => {
  const { status, body } = await as("POST", "/reports", { name, about: "Luna", definition });
  expect([status, body.code]).toEqual([201, undefined]);
  return body.reportId;
};

test("who leaves before the answer ends what is computed for them, and the next report has its thread", async () => {
  const ended: Promise<unknown>[] = [];
  const run = server.services.formulas.run.bind(server.services.formulas);
  const spy = vi.spyOn(server.services.formulas, "run").mockImplementation((...given) => {
    const running = run(...given);
    running.catch(() => undefined);
    ended.push(running);
    return running;
  });
  const slow = Array.from({ length: 60 }, (_, nth) => `percentile([In] * ${nth + 1}; 50)`).join(" + ");
  const definition = {
    ...losses,
    period: { kind: "fixed", fromDay: "2025-10-01", toDay: "2026-11-01" },
    rows: "period",
    columns: Array.from({ length: 30 }, (_, nth) => ({ title: `${nth}`, formula: slow })),
  };
  await server.app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = server.app.server.address() as AddressInfo;
  const leaving = request({
    ...{ port, host: "127.0.0.1", method: "POST", path: "/api/report-previews" },
    headers: {
      ...{ host, origin, cookie: ana.cookie, "x-csrf-token": ana.csrfToken },
      "content-type": "application/json",
    },
  });
  leaving.on("error", () => undefined);
  leaving.end(JSON.stringify({ definition }));
  await vi.waitFor(() => expect(ended).toHaveLength(1), 10_000);
  leaving.destroy();
  await expect(ended[0]).rejects.toMatchObject({ code: "report.cancelled" });
  spy.mockRestore();
  expect((await call("POST", "/report-previews", { definition: losses })).status).toBe(200);
});

test("a shared report shows each reader what their own rights show", async () => {
  const { rows: branches } = await db.query<{ id: number }>(
    sql`select branch_id as id from branch where name = 'Pitești'`,
  );
  expect((await readBranches(db)).size).toBeGreaterThan(1);
  const planner = await person("dan", "planner", branches[0]!.id);
  const definition = {
    ...losses,
    rows: "subject",
    subjects: ["s"],
    each: "point",
    inputs: [{ name: "A+", of: "row", energy: "A+" }],
    columns: [{ title: "Energie", formula: "sum([A+])" }],
  };
  const reportId = await saved("Puncte", definition);
  expect((await planner.browser("GET", `/reports/${reportId}`)).status).toBe(404);
  const { body: targets } = await call("GET", "/report-readers");
  expect(targets.rows).toContainEqual({ kind: "person", id: planner.accountId, name: "dan" });
  const shares = [{ kind: "person", id: planner.accountId, mayChange: false }];
  expect((await call("PUT", `/reports/${reportId}/shares`, { shares })).status).toBe(204);
  const pods = async (browser: typeof call) =>
    (await browser("GET", `/reports/${reportId}/result`)).body.rows.map((row: { name: string }) => row.name);
  expect(await pods(call)).toHaveLength(3);
  expect(await pods(planner.browser)).toEqual(["RO001EMO0000002"]);
  // Of a group whose member went over to another branch they see the sum, and of its members only their own.
  const mixed = await addGroup(db, { kind: "transformer", name: "PT 8", branchId: branches[0]!.id });
  await db.query(sql`insert into group_member (group_id, point_id, sign, during, added_by)
    select ${mixed}::int, point_id, sign, during, added_by from group_member where group_id = ${groupId}::int`);
  const least = {
    ...losses,
    rows: "period",
    inputs: [{ name: "Out", of: `g${mixed}`, energy: "A+" }],
    columns: [{ title: "Cel mai mic", formula: "minof(minof(members([Out])))" }],
  };
  const leastOf = async (browser: typeof call) =>
    (await browser("POST", "/report-previews", { definition: least })).body.rows[0].cells;
  expect(await leastOf(call)).toEqual(["1.000"]);
  expect(await leastOf(planner.browser)).toEqual(["2.000"]);
  const { body: list } = await planner.browser("GET", "/reports");
  expect(list.reports).toMatchObject([{ name: "Puncte", owner: "ana", mine: false, mayChange: false }]);
  expect(
    (await planner.browser("PUT", `/reports/${reportId}`, { name: "A", about: "", definition, version: 1 }))
      .status,
  ).toBe(404);
  expect((await planner.browser("DELETE", `/reports/${reportId}`)).status).toBe(404);
});

test("a file has what the screen has, with Romanian commas, quality and coverage, and stands in history and log", async () => {
  const reportId = await saved("Pierderi ș ț");
  const { text, headers } = await call("GET", `/reports/${reportId}/file.csv`);
  expect(headers["content-disposition"]).toBe(
    'attachment; filename="pierderi-s-t-2026-10-24-2026-10-27.csv"',
  );
  expect(text.split("\r\n")).toEqual([
    "\uFEFFDespre;Luna",
    "Perioada;2026-10-24;2026-10-26",
    "Fus orar;Europe/Bucharest",
    "Acoperire;intervale prezente: 872 din 876, bune: 872, estimate: 1",
    "Zi;Intrare [kWh];Pierderi [%];Calitate;Valori așteptate;Valori prezente;Valori estimate",
    "2026-10-24;316,800;9,1;estimated;288;288;1",
    "2026-10-25;330,000;9,1;măsurat;300;300;0",
    "2026-10-26;316,800;11,6;partial;288;284;0",
    "Total;963,600;9,9;partial estimated;876;872;1",
    "",
  ]);
  const workbook = await call("GET", `/reports/${reportId}/file.xlsx`);
  expect(workbook.text.slice(0, 2)).toBe("PK");
  expect((await call("GET", `/reports/${reportId}/file.pdf`)).text.slice(0, 5)).toBe("%PDF-");
  const { body } = await call("GET", `/reports/${reportId}/runs`);
  expect(body.rows.map(({ format, state, rows }: Record<string, unknown>) => [format, state, rows])).toEqual([
    ["pdf", "done", 3],
    ["xlsx", "done", 3],
    ["csv", "done", 3],
  ]);
  const { rows } = await db.query<{ n: number }>(
    sql`select count(*)::int as n from audit.log where action = 'export' and object_type = 'report'`,
  );
  expect(rows[0]!.n).toBe(3);
});

test("states of a report, views and what was taken away come back", async () => {
  const reportId = await saved("Versiuni");
  const change = { name: "Versiuni 2", about: "", definition: losses, version: 1 };
  expect((await call("PUT", `/reports/${reportId}`, change)).body).toEqual({ reportId, version: 2 });
  expect((await call("PUT", `/reports/${reportId}`, change)).body.code).toBe("report.changed");
  expect((await call("GET", `/reports/${reportId}`)).body.versions).toMatchObject([
    { version: 2, name: "Versiuni 2" },
    { version: 1, name: "Versiuni", definition: losses },
  ]);
  expect((await call("DELETE", `/reports/${reportId}`)).status).toBe(204);
  expect((await call("GET", "/reports")).body.removed).toMatchObject([{ reportId }]);
  expect((await call("POST", `/reports/${reportId}/restore`)).status).toBe(204);
  const view = { name: "Cartier", page: "/an/peaks", search: { of: `g${groupId}`, last: 7 }, shared: true };
  const { savedViewId } = (await call("POST", "/saved-views", view)).body;
  expect((await call("GET", "/saved-views?page=%2Fan%2Fpeaks")).body.rows).toMatchObject([
    { ...view, mine: true },
  ]);
  expect((await call("DELETE", `/saved-views/${savedViewId}`)).status).toBe(204);
  expect((await call("POST", `/saved-views/${savedViewId}/restore`)).status).toBe(204);
  const { body: template } = await call("GET", `/report-templates?key=balance&of=g${groupId}`);
  expect(
    (await call("POST", "/report-previews", { definition: { ...template, period: fixed } })).body.total[3],
  ).toBe("9.9");
});

/** A mail server that says what it is told to, and keeps what it gets. */
const received: { to: string[]; text: string; user: string | undefined }[] = [];
const refusals: { code: number; text: string }[] = [];
const mail = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  allowInsecureAuth: true,
  onAuth: ({ username, password }, _, done) =>
    password === "parola-ș" ? done(null, { user: username }) : done(new Error("no")),
  onData(stream, session, done) {
    const parts: Buffer[] = [];
    stream.on("data", (part: Buffer) => parts.push(part));
    stream.on("end", () => {
      const refusal = refusals.shift();
      if (refusal) return done(Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
      const to = session.envelope.rcptTo.map(({ address }) => address);
      received.push({ to, text: Buffer.concat(parts).toString(), user: session.user as string | undefined });
      done();
    });
  },
});
const folder = await mkdtemp(join(tmpdir(), "energsys-deliveries-"));
// The process that runs jobs has a role of its own in the database.
const jobs = openDatabase({ url: urlOfRole(url, "app_jobs"), applicationName: "test-jobs" });
const keyRing = testKeyRing(jobs);
holdKeyRing(jobs, keyRing);
const runner = new JobRunner({
  db: jobs,
  keyRing,
  kinds: jobKinds,
  zone,
  now: clock.now,
  logger,
  tellMs: 20,
  lookMs: 50,
});
const reportClock = new ReportClock({
  db: jobs,
  zone,
  now: clock.now,
  logger,
  deliverer: {
    db: jobs,
    sender: { db: jobs, keyRing: testKeyRing(jobs), mayConnect: () => server.services.networks.for("mail") },
    folder,
    now: clock.now,
    logger,
  },
  lookMs: 50,
});
let settings: Record<string, unknown> = {};

beforeAll(async () => {
  await new Promise<void>((resolve) => mail.listen(0, "127.0.0.1", resolve));
  settings = {
    host: "127.0.0.1",
    port: (mail.server.address() as AddressInfo).port,
    security: "none",
    userName: "energsys",
    sender: "rapoarte@example.ro",
    folder: "rapoarte",
    fileDays: 30,
  };
  await runner.start();
  reportClock.start();
});
afterAll(async () => {
  await Promise.all([reportClock.stop(), runner.stop()]);
  await jobs.close();
  await new Promise<void>((resolve) => mail.close(() => resolve()));
  await rm(folder, { recursive: true, force: true });
});

test("settings of mail are tried before anything depends on them; the password is sealed and never comes back", async () => {
  const { body: empty } = await call("POST", "/delivery-settings/trial", { to: "ana@example.ro" });
  expect(empty).toMatchObject({
    sent: false,
    code: "mail.not-set",
    sentence: "Serverul de e-mail nu este configurat",
  });
  expect((await call("PUT", "/delivery-settings", { ...settings, password: "greșită" })).body).toMatchObject({
    passwordThere: true,
  });
  const { body: wrong } = await call("POST", "/delivery-settings/trial", { to: "ana@example.ro" });
  expect(wrong).toMatchObject({ sent: false, code: "mail.sign-in" });
  const { body, text } = await call("PUT", "/delivery-settings", { ...settings, password: "parola-ș" });
  expect(body).toMatchObject({ passwordThere: true, host: "127.0.0.1" });
  expect(text).not.toContain("parola");
  const { rows } = await db.query<{ clear: boolean }>(sql`
    select exists (select from delivery_setting where position('parola' in encode(sealed_password, 'escape')) > 0)
      or exists (select from audit.log where after::text like '%parola%') as clear`);
  expect(rows[0]!.clear).toBe(false);
  expect((await call("POST", "/delivery-settings/trial", { to: "ana@example.ro" })).body).toMatchObject({
    sent: true,
  });
  expect(received.splice(0)).toMatchObject([{ to: ["ana@example.ro"], user: "energsys" }]);
  // What was stored for one server is not sent to another.
  const late = { ...settings, fileDays: 9, changedAt: "2026-01-01T00:00:00.000Z" };
  expect((await call("PUT", "/delivery-settings", late)).body.code).toBe("delivery.changed");
  const { changedAt } = (await call("GET", "/delivery-settings")).body;
  expect((await call("PUT", "/delivery-settings", { ...settings, changedAt })).status).toBe(200);
  const moved = await call("PUT", "/delivery-settings", { ...settings, host: "10.0.0.9" });
  expect(moved.body.code).toBe("delivery.password-needed");
  const forbidden = await call("PUT", "/delivery-settings", {
    ...settings,
    host: "169.254.169.254",
    password: "x",
  });
  expect(forbidden.body.code).toBe("address.not-allowed");
});

const until = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
  for (let tries = 0; tries < 400; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await wait(25);
  }
  throw new Error("waited in vain");
};
interface Run {
  readonly runId: number;
  readonly state: string;
  readonly code: string | null;
  readonly fileThere: boolean;
  readonly deliveries: readonly {
    readonly deliveryId: number;
    readonly state: string;
    readonly kind: string;
    readonly code: string | null;
    readonly nextTryAt: string;
    readonly sentence: string | null;
  }[];
}
const runsOf = async (reportId: number, as = call): Promise<Run[]> =>
  (await as("GET", `/reports/${reportId}/runs`)).body.rows;

const monthly = {
  every: "month",
  weekday: null,
  monthDay: 2,
  minute: 10 * 60 + 5,
  format: "csv",
  recipients: ["a@example.ro", "b@example.ro", "c@example.ro"],
  folder: true,
  enabled: true,
};

test("a report that is due monthly goes to three people and the folder, once, however many look for it", async () => {
  const reportId = await saved("Lunar", { ...losses, period: { kind: "last-month" } });
  expect((await call("POST", `/reports/${reportId}/schedules`, monthly)).status).toBe(201);
  const wrong = { ...monthly, monthDay: null };
  expect((await call("POST", `/reports/${reportId}/schedules`, wrong)).status).toBe(400);
  clock.ms = Date.UTC(2026, 10, 2, 8, 5, 1);
  const run = await until(async () => {
    const [latest] = await runsOf(reportId);
    return latest?.state === "done" && latest.deliveries.every(({ state }) => state === "done")
      ? latest
      : undefined;
  });
  expect(run.deliveries.map(({ kind }) => kind)).toEqual(["mail", "mail", "mail", "folder"]);
  expect(received.map(({ to }) => to[0]).sort()).toEqual(["a@example.ro", "b@example.ro", "c@example.ro"]);
  const { text } = received.splice(0)[0]!;
  expect(text).toMatch(/^Subject: .*Lunar/m);
  expect(text).toContain("Auto-Submitted: auto-generated");
  expect(text).toContain("filename=lunar-2026-10-01-2026-11-01.csv");
  const names = await readdir(join(folder, "rapoarte"));
  expect(names).toHaveLength(1);
  const file = await readFile(join(folder, "rapoarte", names[0]!), "utf8");
  expect(file).toContain("2026-10-25;330,000;9,1");
  const own = await call("GET", `/reports/${reportId}/runs/${run.runId}/file`);
  expect(own.text).toBe(file);
  await wait(150);
  expect(await runsOf(reportId)).toHaveLength(1);
  expect(received).toEqual([]);
});

test("a server that does not take it now is asked again later; a refusal for good waits for a person", async () => {
  const reportId = await saved("Refuzat");
  const given = { ...monthly, recipients: ["d@example.ro"], folder: false };
  const { scheduleId } = (await call("POST", `/reports/${reportId}/schedules`, given)).body;
  refusals.push({ code: 451, text: "try later" }, { code: 550, text: "no such person" });
  await call("POST", `/reports/${reportId}/schedules/${scheduleId}/run`);
  const first = await until(async () => {
    const [latest] = await runsOf(reportId);
    return latest?.deliveries[0]?.code ? latest.deliveries[0] : undefined;
  });
  expect(first).toMatchObject({
    state: "waiting",
    code: "mail.refused",
    sentence: "Serverul de e-mail refuză mesajul",
  });
  expect(Date.parse(first.nextTryAt) - clock.ms).toBe(60_000);
  clock.ms += 61_000;
  const second = await until(async () => {
    const delivery = (await runsOf(reportId))[0]?.deliveries[0];
    return delivery?.state === "failed" ? delivery : undefined;
  });
  expect((await call("GET", "/delivery-settings")).body).toMatchObject({ failed: 1, waiting: 0 });
  expect((await call("GET", "/alarms")).body.undelivered).toEqual([
    {
      ...{ scheduleId, reportId, report: "Refuzat", owner: "ana", mine: true, targets: 1 },
      ...{ code: "mail.refused", sentence: "Serverul de e-mail refuză mesajul" },
      since: new Date(clock.ms).toISOString(),
    },
  ]);
  await call("POST", `/report-deliveries/${second.deliveryId}/retry`);
  await until(async () => ((await runsOf(reportId))[0]?.deliveries[0]?.state === "done" ? true : undefined));
  expect(received.splice(0)).toHaveLength(1);
  expect((await call("GET", "/alarms")).body.undelivered).toEqual([]);
  // Given up twice, it is told of once, until a delivery works.
  for (const instant of [1, 2]) {
    clock.ms += 60_000;
    refusals.push({ code: 550, text: "no such person" });
    await call("POST", `/reports/${reportId}/schedules/${scheduleId}/run`);
    await until(async () => {
      const runs = await runsOf(reportId);
      return runs.length === 1 + instant && runs[0]?.deliveries[0]?.state === "failed" ? true : undefined;
    });
  }
  clock.ms += 60_000;
  await call("POST", `/reports/${reportId}/schedules/${scheduleId}/run`);
  await until(async () => ((await runsOf(reportId))[0]?.deliveries[0]?.state === "done" ? true : undefined));
  received.splice(0);
  expect((await call("GET", "/alarms")).body.undelivered).toEqual([]);
  const { body: log } = await call("GET", "/log?severity=security&limit=50");
  const told = log.rows.filter((row: { objectId: string }) => row.objectId === String(reportId));
  expect(told.map((row: { action: string; severity: string }) => [row.action, row.severity])).toEqual([
    ["report-undelivered", "alarm"],
    ["report-undelivered", "alarm"],
  ]);
});

test("a schedule reads with the rights that its owner has when it runs, and not at all without", async () => {
  const { rows: branches } = await db.query<{ id: number }>(
    sql`select branch_id as id from branch where name = 'Pitești'`,
  );
  const eva = await person("eva", "planner", branches[0]!.id);
  const definition = {
    ...losses,
    rows: "subject",
    subjects: ["s"],
    each: "point",
    inputs: [{ name: "A+", of: "row", energy: "A+" }],
    columns: [{ title: "Energie", formula: "sum([A+])" }],
  };
  const reportId = await saved("Ale mele", definition, eva.browser);
  const given = { ...monthly, minute: 10 * 60 + 30, recipients: ["eva@example.ro"], folder: false };
  const { scheduleId } = (await eva.browser("POST", `/reports/${reportId}/schedules`, given)).body;
  await eva.browser("POST", `/reports/${reportId}/schedules/${scheduleId}/run`);
  const ended = await until(async () => {
    const [latest] = await runsOf(reportId, eva.browser);
    return latest && ["done", "failed"].includes(latest.state) ? latest : undefined;
  });
  expect(ended).toMatchObject({ state: "done", code: null });
  const [run] = await runsOf(reportId, eva.browser);
  const { text } = await eva.browser("GET", `/reports/${reportId}/runs/${run!.runId}/file`);
  expect(text).toContain("RO001EMO0000002");
  expect(text).not.toContain("RO001EMO0000001");
  await db.query(sql`delete from role_grant where account_id = ${eva.accountId}`);
  clock.ms = Date.UTC(2026, 10, 2, 8, 31);
  const { rows } = await until(async () => {
    const found = await db.query<{ error: { code: string } }>(
      sql`select error from report_run where report_id = ${reportId} and state = 'failed'`,
    );
    return found.rows.length > 0 ? found : undefined;
  });
  expect(rows).toEqual([{ error: { code: "report.no-right", params: {} } }]);
  // Whoever looks after deliveries sees those of others, too.
  expect((await call("GET", "/alarms")).body.undelivered).toMatchObject([
    { owner: "eva", mine: false, code: "report.no-right", targets: 0 },
  ]);
  const radu = await person("radu", "operator", null);
  expect((await radu.browser("GET", "/alarms")).body.undelivered).toEqual([]);
});
