import {
  addAccount,
  addReport,
  addSchedule,
  changeReport,
  changeSchedule,
  daysOfPeriod,
  endDelivery,
  endReportRun,
  failDelivery,
  failReportRun,
  findReport,
  forgetRunFiles,
  listReportRuns,
  listReports,
  listReportVersions,
  listSavedViews,
  listSchedules,
  nextDue,
  queueDueReports,
  queueScheduleNow,
  type Recurrence,
  type ReportDefinition,
  readRunFile,
  removeReport,
  removeSchedule,
  removeView,
  restoreReport,
  restoreView,
  retryDelivery,
  saveView,
  setReportShares,
  sql,
  startReportRun,
  takeDelivery,
} from "@energsys/store";
import { testDatabase, testKeyRing } from "@energsys/store/testing";
import { afterAll, expect, test } from "vitest";

const { db, drop } = await testDatabase();
afterAll(drop);
testKeyRing(db);

const zone = "Europe/Bucharest";
const account = async (name: string) =>
  (await addAccount(db, { name, displayName: name, passwordHash: "none", language: "ro" }))!.accountId;
const [ana, dan, eva] = [await account("ana"), await account("dan"), await account("eva")] as const;
const reader = (accountId: number, ...roles: string[]) => ({ accountId, roles });
const definition: ReportDefinition = {
  rows: "day",
  inputs: [{ name: "A+", of: "s", energy: "A+" }],
  columns: [{ title: "Energie", formula: "sum([A+])" }],
  period: { kind: "last-month" },
  chart: "bar",
};
const nowMs = Date.UTC(2026, 10, 20, 12);
const saved = (name: string, ownerId: number) =>
  addReport(db, { name, about: "", definition, ownerId, by: "ana", nowMs });
const at = (text: string) => Temporal.ZonedDateTime.from(`${text}[${zone}]`).epochMilliseconds;
const daily = (minute: number): Recurrence => ({ every: "day", weekday: null, monthDay: null, minute });

test.each([
  ["every day at seven", daily(420), "2026-11-20T06:59", "2026-11-20T07:00:00+02:00"],
  ["at that very instant it is tomorrow's turn", daily(420), "2026-11-20T07:00", "2026-11-21T07:00:00+02:00"],
  [
    "an hour that spring leaves out is an hour later",
    daily(210),
    "2026-03-28T12:00",
    "2026-03-29T04:30:00+03:00",
  ],
  ["an hour that autumn has twice is the first", daily(210), "2026-10-24T12:00", "2026-10-25T03:30:00+03:00"],
  ["the hour before spring's change", daily(150), "2026-03-28T12:00", "2026-03-29T02:30:00+02:00"],
  ["a day of 23 hours later", daily(150), "2026-03-29T02:30:00+02:00", "2026-03-30T02:30:00+03:00"],
  ["the hour before autumn's change", daily(150), "2026-10-24T12:00", "2026-10-25T02:30:00+03:00"],
  ["and not the second of them too", daily(210), "2026-10-25T03:30:00+03:00", "2026-10-26T03:30:00+02:00"],
  [
    "Mondays",
    { every: "week", weekday: 1, monthDay: null, minute: 0 } as Recurrence,
    "2026-11-20T12:00",
    "2026-11-23T00:00:00+02:00",
  ],
  [
    "the 31st of a month with 30 days is the 30th",
    { every: "month", weekday: null, monthDay: 31, minute: 60 } as Recurrence,
    "2026-11-20T12:00",
    "2026-11-30T01:00:00+02:00",
  ],
  [
    "the 31st of February of a leap year is the 29th",
    { every: "month", weekday: null, monthDay: 31, minute: 60 } as Recurrence,
    "2028-02-01T00:00",
    "2028-02-29T01:00:00+02:00",
  ],
])("a schedule is due: %s", (_, recurrence, after, due) => {
  const ms = nextDue(recurrence, at(after), zone);
  expect(Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toString().slice(0, 25)).toBe(
    due,
  );
});

test("days of a period move with the day of the run, over the turn of the year too", () => {
  expect(daysOfPeriod({ kind: "last-month" }, "2026-01-15")).toEqual({
    fromDay: "2025-12-01",
    toDay: "2026-01-01",
  });
  expect(daysOfPeriod({ kind: "last-year" }, "2026-01-01")).toEqual({
    fromDay: "2025-01-01",
    toDay: "2026-01-01",
  });
  expect(daysOfPeriod({ kind: "last-7-days" }, "2026-03-03")).toEqual({
    fromDay: "2026-02-24",
    toDay: "2026-03-03",
  });
  expect(daysOfPeriod({ kind: "this-month" }, "2026-03-03")).toEqual({
    fromDay: "2026-03-01",
    toDay: "2026-03-04",
  });
});

test("a report is its owner's until it is shared with a person or a role, and only who may changes it", async () => {
  const reportId = await saved("Pierderi", ana);
  await expect(saved("PIERDERI", ana)).rejects.toMatchObject({ code: "report.name-taken" });
  await saved("Pierderi", dan);
  expect(await findReport(db, reader(eva), reportId)).toBeUndefined();
  const { rows } = await db.query<{ id: number }>(
    sql`select role_id as id from role where ready = 'planner'`,
  );
  await setReportShares(db, reportId, [
    { kind: "person", id: dan, mayChange: true },
    { kind: "role", id: rows[0]!.id, mayChange: false },
  ]);
  expect(await findReport(db, reader(eva, "Planner"), reportId)).toMatchObject({
    mine: false,
    mayChange: false,
  });
  expect((await listReports(db, reader(dan))).map(({ name, mine }) => [name, mine])).toEqual([
    ["Pierderi", false],
    ["Pierderi", true],
  ]);
  const change = { reportId, name: "Pierderi noi", about: "", definition, version: 1, nowMs };
  await expect(changeReport(db, reader(eva, "Planner"), { ...change, by: "eva" })).rejects.toMatchObject({
    code: "report.not-found",
  });
  expect(await changeReport(db, reader(dan), { ...change, by: "dan" })).toBe(2);
  await expect(changeReport(db, reader(ana), { ...change, by: "ana" })).rejects.toMatchObject({
    code: "report.changed",
  });
  expect((await listReportVersions(db, reportId)).map(({ version, savedBy }) => [version, savedBy])).toEqual([
    [2, "dan"],
    [1, "ana"],
  ]);
  await expect(
    setReportShares(db, reportId, [{ kind: "person", id: 2_000_000_000, mayChange: false }]),
  ).rejects.toMatchObject({ code: "report.share-unknown" });
  await setReportShares(db, reportId, []);
  expect(await findReport(db, reader(dan), reportId)).toBeUndefined();
});

test("what is taken away comes back as it was, unless its name is another's by now", async () => {
  const reportId = await saved("Vârfuri", ana);
  const mine = { reportId, ownerId: ana, by: "ana", nowMs, zone };
  await addSchedule(db, schedule(reportId), { accountId: ana, by: "ana", nowMs }, zone);
  expect(await removeReport(db, { ...mine, ownerId: dan })).toBe(false);
  expect(await removeReport(db, mine)).toBe(true);
  expect(await findReport(db, reader(ana), reportId)).toBeUndefined();
  expect((await listReports(db, reader(ana), { removed: true })).map((row) => row.reportId)).toEqual([
    reportId,
  ]);
  const taker = await saved("Vârfuri", ana);
  await expect(restoreReport(db, mine)).rejects.toMatchObject({ code: "report.name-taken" });
  await removeReport(db, { ...mine, reportId: taker });
  // What its schedule missed meanwhile is not sent when it comes back.
  const laterMs = nowMs + 3 * 86_400_000;
  expect(await restoreReport(db, { ...mine, nowMs: laterMs })).toBe(true);
  expect((await findReport(db, reader(ana), reportId))?.definition).toEqual(definition);
  expect(await queueDueReports(db, laterMs, zone)).toBe(0);
  expect((await listSchedules(db, ana, reportId))[0]?.nextDueAt).toBeGreaterThan(laterMs);
  await removeReport(db, mine);
});

test("a view is one's own or everybody's, kept under one name for a page", async () => {
  const view = {
    name: "Cartier",
    page: "/an/load-curve",
    search: { of: "g1" },
    accountId: ana,
    shared: false,
  };
  const savedViewId = await saveView(db, view);
  expect(await saveView(db, { ...view, search: { of: "g2" }, shared: true })).toBe(savedViewId);
  expect(await listSavedViews(db, dan, "/an/load-curve")).toMatchObject([
    { name: "Cartier", search: { of: "g2" }, owner: "ana", mine: false },
  ]);
  expect(await listSavedViews(db, dan, "/an/peaks")).toEqual([]);
  expect(await removeView(db, { savedViewId, accountId: dan, nowMs })).toBe(false);
  expect(await removeView(db, { savedViewId, accountId: ana, nowMs })).toBe(true);
  expect(await listSavedViews(db, ana, undefined)).toEqual([]);
  expect(await restoreView(db, { savedViewId, accountId: ana })).toBe(true);
  expect(await listSavedViews(db, ana, undefined)).toHaveLength(1);
});

const schedule = (reportId: number, recurrence: Recurrence = daily(420)) => ({
  reportId,
  ...recurrence,
  format: "csv" as const,
  recipients: ["a@example.ro", "b@example.ro"],
  folder: true,
  enabled: true,
});

test("each instant has one run, whoever looks and however often; what was missed is run once, for the latest", async () => {
  const reportId = await saved("Zilnic", ana);
  const scheduleId = await addSchedule(db, schedule(reportId), { accountId: ana, by: "ana", nowMs }, zone);
  expect(await queueDueReports(db, nowMs, zone)).toBe(0);
  const threeDaysOn = at("2026-11-23T09:00");
  const queued = await Promise.all([1, 2, 3].map(() => queueDueReports(db, threeDaysOn, zone)));
  expect(queued.reduce((sum, each) => sum + each)).toBe(1);
  const [run, ...others] = await listReportRuns(db, ana, reportId, 10);
  expect(others).toEqual([]);
  expect(run?.dueAt).toBe(at("2026-11-23T07:00"));
  expect((await listSchedules(db, ana, reportId))[0]?.nextDueAt).toBe(at("2026-11-24T07:00"));
  const { rows: jobs } = await db.query<{ kind: string; input: object; by: string }>(
    sql`select kind, input, requested_by as by from job`,
  );
  expect(jobs).toEqual([{ kind: "run-report", input: { runId: run!.runId }, by: "ana" }]);
  expect(
    await removeSchedule(db, { scheduleId, accountId: ana, nowMs: threeDaysOn, zone, removed: true }),
  ).toBe(true);
  expect(await queueDueReports(db, at("2026-12-24T07:00"), zone)).toBe(0);
  // Brought back it does not make up for the time that it was away.
  const backMs = at("2026-12-25T12:00");
  expect(await removeSchedule(db, { scheduleId, accountId: ana, nowMs: backMs, zone, removed: false })).toBe(
    true,
  );
  expect((await listSchedules(db, ana, reportId))[0]?.nextDueAt).toBe(at("2026-12-26T07:00"));
});

test("a schedule runs what its owner saved or saw: what somebody else saves waits until the owner saves the schedule", async () => {
  const reportId = await saved("Al cui", ana);
  await setReportShares(db, reportId, [{ kind: "person", id: dan, mayChange: true }]);
  const by = { accountId: ana, by: "ana", nowMs };
  const scheduleId = await addSchedule(db, schedule(reportId), by, zone);
  const runs = async () => {
    const runId = await queueScheduleNow(db, { ...by, scheduleId, nowMs: nowMs + 1_000 * ++pressed });
    return (await listReportRuns(db, ana, reportId, 1)).map((run) => [run.runId === runId, run.version]);
  };
  let pressed = 0;
  const change = { reportId, about: "", definition, nowMs };
  await changeReport(db, reader(dan), { ...change, name: "Al lui Dan", version: 1, by: "dan" });
  expect(await runs()).toEqual([[true, 1]]);
  expect(await queueDueReports(db, at("2026-11-22T07:00"), zone)).toBe(1);
  expect((await listReportRuns(db, ana, reportId, 1))[0]?.version).toBe(1);
  const { reportId: _, ...again } = schedule(reportId);
  expect(await changeSchedule(db, scheduleId, again, by, zone)).toBe(true);
  expect(await runs()).toEqual([[true, 2]]);
  await changeReport(db, reader(ana), { ...change, name: "Al meu", version: 2, by: "ana" });
  expect(await runs()).toEqual([[true, 3]]);
});

test("a run ends once with its file; deliveries are tried with longer and longer waits, then given up, until somebody tries again", async () => {
  const reportId = await saved("Livrat", ana);
  await addSchedule(db, schedule(reportId), { accountId: ana, by: "ana", nowMs }, zone);
  await queueDueReports(db, at("2026-11-21T08:00"), zone);
  const { runId } = (await listReportRuns(db, ana, reportId, 1))[0]!;
  const begun = await startReportRun(db, runId, nowMs);
  expect(begun).toMatchObject({
    account: "ana",
    language: "ro",
    definition,
    recipients: ["a@example.ro", "b@example.ro"],
  });
  const outcome = {
    fromDay: "2026-10-01",
    toDay: "2026-11-01",
    rows: 31,
    expected: 2_980,
    present: 2_970,
    estimated: 4,
    fileName: "livrat.csv",
    file: Buffer.from("a;b"),
  };
  const targets = [{ kind: "mail", target: "a@example.ro" }] as const;
  expect(await endReportRun(db, runId, outcome, targets, nowMs)).toBe(true);
  expect(await endReportRun(db, runId, outcome, targets, nowMs)).toBe(false);
  expect(await startReportRun(db, runId, nowMs)).toBeUndefined();
  await failReportRun(db, runId, { code: "report.too-long" }, nowMs);
  expect((await readRunFile(db, ana, { reportId, runId }))?.file.toString()).toBe("a;b");
  expect(await readRunFile(db, dan, { reportId, runId })).toBeUndefined();

  let clockMs = nowMs;
  const waits: number[] = [];
  for (;;) {
    const taken = await takeDelivery(db, clockMs);
    expect(taken).toMatchObject({ report: "Livrat", file: outcome.file });
    // Nobody else has it meanwhile.
    expect(await takeDelivery(db, clockMs)).toBeUndefined();
    await failDelivery(db, taken!, { code: "mail.unreachable", detail: "no route", final: false }, clockMs);
    const [delivery] = (await listReportRuns(db, ana, reportId, 1))[0]!.deliveries;
    expect(delivery).toMatchObject({ errorCode: "mail.unreachable", tries: taken!.tries });
    if (delivery!.state === "failed") break;
    waits.push((Date.parse(delivery!.nextTryAt) - clockMs) / 60_000);
    // The file is kept for as long as it has to go somewhere.
    expect(await forgetRunFiles(db, nowMs + 100 * 86_400_000)).toBe(0);
    clockMs = Date.parse(delivery!.nextTryAt);
  }
  expect(waits).toEqual([1, 5, 15, 60, 180, 360, 720, 1_440]);
  const { deliveryId } = (await listReportRuns(db, ana, reportId, 1))[0]!.deliveries[0]!;
  expect(await retryDelivery(db, { deliveryId, accountId: dan, nowMs: clockMs })).toBe(false);
  expect(await retryDelivery(db, { deliveryId, accountId: ana, nowMs: clockMs })).toBe(true);
  await endDelivery(db, (await takeDelivery(db, clockMs))!.deliveryId, clockMs);
  expect((await listReportRuns(db, ana, reportId, 1))[0]!.deliveries[0]).toMatchObject({ state: "done" });
  expect(await forgetRunFiles(db, nowMs + 80 * 86_400_000)).toBe(0);
  expect(await forgetRunFiles(db, nowMs + 91 * 86_400_000)).toBe(1);
  expect((await listReportRuns(db, ana, reportId, 1))[0]).toMatchObject({ fileThere: false, rows: 31 });
});
