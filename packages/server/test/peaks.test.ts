import { marketDay } from "@energsys/metering";
import { GroupFolder, sql, storeDeliveries } from "@energsys/store";
import { expect, test } from "vitest";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";

const server = await testServer();
const { db, clock } = server;
const call = browserOf(server, await firstAccount(server));
await importPoints(db, [networkPoint(1), networkPoint(2)]);
const zone = "Europe/Bucharest";
const { rows: placed } = await db.query<{ pointId: number; deviceId: number; meterId: number }>(sql`
  select point_id as "pointId", device_id as "deviceId", meter_id as "meterId"
  from point join installation using (point_id) join device using (meter_id) order by point_id`);
const today = Temporal.Instant.fromEpochMilliseconds(clock.ms)
  .toZonedDateTimeISO(zone)
  .toPlainDate()
  .toString();
const yesterday = Temporal.PlainDate.from(today).subtract({ days: 1 }).toString();
const dayMs = marketDay(yesterday, zone).startMs;

/** Yesterday of a point: one quarter-hour of `wh`, the others of 100 Wh. */
async function read(nth: number, wh: number): Promise<void> {
  const { deviceId, meterId } = placed[nth]!;
  const values = new Float64Array(96).fill(100);
  values[40] = wh;
  await storeDeliveries(
    db,
    [
      {
        ...{ deviceId, meterId, receivedAtMs: clock.ms, registers: [], events: [] },
        blocks: [{ kind: "test", bytes: Uint8Array.of(nth) }],
        profiles: [
          {
            obis: "1-0:99.1.0*255",
            periodSeconds: 900,
            columns: [{ obis: "1-0:1.29.0*255", kind: "delta", unit: "Wh", scale: 0 }],
            startsMs: Float64Array.from(values, (_, row) => dayMs + row * 900_000),
            values: [values],
            flags: new Uint16Array(96),
          },
        ],
      },
    ],
    { nowMs: clock.ms, zone },
  );
}
const folder = new GroupFolder(db, {
  zone,
  now: () => clock.ms,
  onFault: (error) => {
    throw error;
  },
});
const settle = async () => {
  while (await folder.round());
};

const of = `p${placed[0]!.pointId}`;
const condition = {
  of,
  energy: "A+",
  basis: "power",
  powerKw: "5.25",
  quarters: 1,
  estimates: false,
  dayKind: "all",
};
const rule = { name: "Boiler", ...condition, severity: "critical", enabled: true };

test("a rule is tried on history before it is made; then it watches, and its alarm leads to the day", async () => {
  await read(0, 1_313);
  await settle();
  const trial = await call("POST", "/peak-rules/trial", { ...condition, days: 30 });
  expect(trial.status).toBe(200);
  expect(trial.body).toMatchObject({
    raised: 1,
    subjects: 1,
    whole: true,
    peaks: [
      { of, name: "RO001EMO0000001", day: yesterday, demandKw: "5.252", thresholdKw: "5.25", quarters: 1 },
    ],
  });
  expect((await call("GET", "/alarms")).body.total).toBe(0);

  const added = await call("POST", "/peak-rules", rule);
  expect(added.status).toBe(201);
  const { ruleId } = added.body;
  // It watches from today on; here it is as if it had been made a day ago.
  await db.query(sql`update peak_rule set from_day = ${yesterday}::date`);
  await read(0, 1_314);
  await settle();
  const alarms = await call("GET", "/alarms");
  expect(alarms.body).toMatchObject({
    total: 1,
    counts: { critical: 1 },
    rows: [
      {
        deviceId: null,
        identity: null,
        eventName: "peak-demand",
        severity: "critical",
        pod: "RO001EMO0000001",
        peak: {
          ruleId,
          rule: "Boiler",
          of,
          energy: "A+",
          day: yesterday,
          demandKw: "5.256",
          thresholdKw: "5.25",
        },
      },
    ],
  });
  const { alarmId } = alarms.body.rows[0].peak;
  const seen = await call("POST", "/alarms/acknowledgements", {
    alarms: [],
    peaks: [alarmId],
    note: "known",
  });
  expect(seen.body).toEqual({ acknowledged: 1 });
  expect((await call("GET", "/peak-rules")).body.rows).toMatchObject([
    { ruleId, name: "Boiler", of, subject: "RO001EMO0000001", from: yesterday, raised: 1, createdBy: "ana" },
  ]);
});

test("a rule is changed, switched off and removed, each in the log with who did it", async () => {
  const [{ ruleId, changedAt: seen }] = (await call("GET", "/peak-rules")).body.rows;
  const hours = { dayKind: "workdays", startTime: "17:00", endTime: "00:00" };
  const change = { ...rule, powerKw: "6", enabled: false, ...hours, seen };
  expect((await call("PUT", `/peak-rules/${ruleId}`, change)).status).toBe(204);
  expect((await call("GET", "/peak-rules")).body.rows).toMatchObject([
    { powerKw: "6", enabled: false, from: today, ...hours },
  ]);
  // Who still has the former one in front of him does not undo that.
  expect((await call("PUT", `/peak-rules/${ruleId}`, { ...change, powerKw: "7" })).body.code).toBe(
    "peak-rule.changed",
  );
  expect((await call("DELETE", `/peak-rules/${ruleId}`)).status).toBe(204);
  expect((await call("GET", "/peak-rules")).body.rows).toEqual([]);
  expect((await call("DELETE", `/peak-rules/${ruleId}`)).body.code).toBe("peak-rule.not-found");
  expect((await call("GET", "/alarms?state=all")).body.total).toBe(1);
  const { rows } = await db.query(sql`
    select action from audit.log where object_type = 'peak_rule' and actor = 'ana'`);
  expect(rows.length).toBe(3);
});

test.each([
  ["a power with a part", { percent: "90" }, "/percent"],
  ["a part without its percent", { basis: "approved", powerKw: undefined }, "/percent"],
  ["a former maximum without days", { basis: "former", powerKw: undefined, percent: "90" }, "/formerDays"],
  ["a power for every point", { of: "approved" }, "/basis"],
  ["one time alone", { startTime: "06:00" }, "/endTime"],
  ["two times that are one", { startTime: "06:00", endTime: "06:00" }, "/endTime"],
  [
    "the approved power of a group",
    { of: "g1", basis: "approved", powerKw: undefined, percent: "90" },
    "/basis",
  ],
])("%s is refused at its field", async (_, more, field) => {
  const { status, body } = await call("POST", "/peak-rules/trial", { ...condition, ...more, days: 30 });
  expect([status, body.code, Object.keys(body.fields)]).toEqual([400, "input.invalid", [field]]);
});

test.each(["0", "0.0", "-1", "1.1234567", "1e3", "12345678901"])(
  "a power of %s kW is none",
  async (powerKw) => {
    const { status } = await call("POST", "/peak-rules/trial", { ...condition, powerKw, days: 30 });
    expect(status).toBe(400);
  },
);

test("what is not there cannot be watched", async () => {
  for (const absent of ["g999", "p999"]) {
    for (const [url, more] of [
      ["/peak-rules", { name: "Nothing", severity: "low", enabled: true }],
      ["/peak-rules/trial", { days: 30 }],
    ] as const) {
      const { status, body } = await call("POST", url, { ...condition, of: absent, ...more });
      expect([status, body.code]).toEqual([404, "peak-rule.no-subject"]);
    }
  }
});
