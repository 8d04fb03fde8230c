import { marketDay, marketDayOf, type ProfileReading, quality, tariffTemplates } from "@energsys/metering";
import { addGroup, applyGroupChange, type Delivery, everywhere, sql, storeDeliveries } from "@energsys/store";
import { beforeAll, expect, test } from "vitest";
import { browserOf, firstAccount, importPoints, networkPoint, personWith, testServer } from "./harness.ts";
import { ofRole, readPaper } from "./paper.ts";
import { addChannel, writeDay } from "./stored-days.ts";

const zone = "Europe/Bucharest";
const server = await testServer();
const { db, clock } = server;
const call = browserOf(server, await firstAccount(server));
const customers = 1_000;
await importPoints(
  db,
  Array.from({ length: customers }, (_, n) => networkPoint(n + 1, { installedAt: "2025-01-01T00:00:00Z" })),
);
const { rows: meters } = await db.query<{ pointId: number; meterId: number; deviceId: number }>(sql`
  select point_id as "pointId", meter_id as "meterId", device_id as "deviceId"
  from installation join device using (meter_id) order by point_id`);

interface Event {
  readonly atMs: number;
  readonly code: string;
}
const delivery = (nth: number, given: { profiles?: ProfileReading[]; events?: Event[] }): Delivery => ({
  deviceId: meters[nth]!.deviceId,
  meterId: meters[nth]!.meterId,
  receivedAtMs: clock.ms,
  blocks: [],
  registers: [],
  profiles: given.profiles ?? [],
  events: (given.events ?? []).map((event) => ({ ...event, seq: 0 })),
});
const deliver = (deliveries: Delivery[]) => storeDeliveries(db, deliveries, { nowMs: clock.ms, zone });

const weekFrom = "2026-11-02";
const weekStart = marketDay(weekFrom, zone).startMs;
const week = "from=2026-11-02&to=2026-11-09";
const meansPerWeek = 1008;

/** Means of ten minutes of three phases, mV. */
const means = (phases: readonly ((slot: number) => number)[], slots = meansPerWeek): ProfileReading => ({
  obis: "1-0:99.14.0*255",
  periodSeconds: 600,
  columns: phases.map((_, phase) => ({
    obis: `1-0:${32 + 20 * phase}.24.0*255` as const,
    kind: "demand",
    unit: "V",
    scale: -3,
  })),
  startsMs: Float64Array.from({ length: slots }, (_, slot) => weekStart + slot * 600_000),
  values: phases.map((volts) =>
    Float64Array.from({ length: slots }, (_, slot) => Math.round(volts(slot) * 1000)),
  ),
  flags: new Uint16Array(slots),
});

interface Part {
  readonly key: string;
  readonly columns: { readonly key: string }[];
  readonly rows: { readonly cells: (string | null)[]; readonly pointId?: number; readonly state?: string }[];
}
/** Rows of one table of a report, each by the names of its columns. */
async function rowsOf(report: string, part: string, query: string) {
  const { status, body } = await call("GET", `/watch/reports/${report}?${query}`);
  expect([status, body.detail]).toEqual([200, undefined]);
  const { columns, rows } = body.parts.find(({ key }: Part) => key === part) as Part;
  return rows.map(({ cells, pointId, state }) => ({
    ...Object.fromEntries(columns.map(({ key }, nth) => [key, cells[nth]])),
    pointId,
    state,
  })) as (Record<string, string | null> & { pointId?: number; state?: string })[];
}

/** Voltages against neutral, 120° apart, between which these are. */
function phasesOf([uab, ubc, uca]: readonly [number, number, number]): [number, number, number] {
  let [a, b, c] = [230, 230, 230];
  for (let round = 0; round < 200; round++) {
    // Each is what the other two leave of the sum of squares: a² + ab = Uab² − b².
    a = (a + (Math.sqrt(4 * uab ** 2 - 3 * b * b) - b) / 2) / 2;
    b = (b + (Math.sqrt(4 * ubc ** 2 - 3 * c * c) - c) / 2) / 2;
    c = (c + (Math.sqrt(4 * uca ** 2 - 3 * a * a) - a) / 2) / 2;
  }
  return [a, b, c];
}

const [weekly, unbalanced, balanced, uneven, lost, kept, high, logged, read] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8,
] as const;
const start = Date.UTC(2026, 10, 10, 8);
const minute = 60_000;
let transformers: readonly number[] = [];

beforeAll(async () => {
  const constant = (volts: readonly [number, number, number]) => means(volts.map((volt) => () => volt));
  const samples = (volts: readonly [number, number, number], slots: number) =>
    means(volts.map((volt, phase) => (slot: number) => (slot < slots ? volt : [230, 230, 230][phase]!)));
  await deliver([
    delivery(weekly, {
      profiles: [
        means([
          (slot) => (slot < 958 ? 230 : 200),
          (slot) => (slot < 957 ? 230 : 200),
          (slot) => (slot === 500 ? 190 : 230),
        ]),
      ],
    }),
    delivery(unbalanced, { profiles: [constant(phasesOf([400, 396, 404]))] }),
    delivery(balanced, { profiles: [constant(phasesOf([400, 400, 400]))] }),
    delivery(uneven, { profiles: [constant(phasesOf([400, 380, 410]))] }),
    delivery(lost, { profiles: [samples([287, 221, 178], 2)] }),
    delivery(kept, { profiles: [samples([251, 229, 210], 2)] }),
    delivery(high, { profiles: [samples([262, 255, 258], 2)] }),
    delivery(logged, {
      profiles: [means([(slot) => (slot >= 12 && slot < 18 ? 180 : 230)])],
      events: [
        { atMs: weekStart + 12 * 600_000, code: "idis:76" },
        { atMs: weekStart + 18 * 600_000, code: "idis:85" },
        // Twenty seconds without one phase, of which a profile knows nothing.
        { atMs: weekStart + 40 * 600_000, code: "idis:82" },
        { atMs: weekStart + 40 * 600_000 + 20_000, code: "idis:85" },
      ],
    }),
    {
      ...delivery(read, {}),
      registers: [0, 1, 2].map((hour) => ({
        obis: "1-0:32.7.0*255",
        measuredAtMs: weekStart + hour * 3_600_000,
        value: String(225 + hour),
        unit: "V",
        flags: 0,
      })),
    },
  ]);
  // Three transformers: 200, 50 and 400 of the customers.
  const ids: number[] = [];
  for (const [name, from, to] of [
    ["PT-A", 0, 200],
    ["PT-B", 200, 250],
    ["PT-C", 250, 650],
  ] as const) {
    const groupId = await addGroup(db, { kind: "transformer", name, branchId: null });
    ids.push(groupId);
    await applyGroupChange(
      db,
      everywhere,
      {
        groupId,
        side: "members",
        fromMs: Date.UTC(2026, 0, 1),
        add: meters.slice(from, to).map(({ pointId }) => ({ pointId, sign: 1 as const })),
      },
      { by: "ana", reason: "" },
    );
  }
  transformers = ids;
  const outage = (nth: number, afterMs: number, lastsMs: number) =>
    delivery(nth, {
      events: [
        { atMs: start + afterMs, code: "vdew:128" },
        { atMs: start + afterMs + lastsMs, code: "vdew:64" },
      ],
    });
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);
  await deliver([
    ...range(0, 200).map((nth) => outage(nth, 0, 45 * minute)),
    ...range(200, 250).map((nth) => outage(nth, 5 * minute, 2.5 * minute)),
    ...range(250, 350).map((nth) => outage(nth, 60 * minute, 30 * minute)),
    ...range(350, 650).map((nth) => outage(nth, 60 * minute, 90 * minute)),
  ]);
});

const pointOf = (nth: number) => meters[nth]!.pointId;

test("TV-37: a week is judged phase by phase, and nothing may be outside the wide limits", async () => {
  await call("POST", "/watch/voltage-limits", {
    ...{ lowV: 207, highV: 253, wideLowV: 195.5, wideHighV: 253 },
    ...{ sharePercent: 95, unflaggedPercent: 90, unbalancePercent: 2 },
    ...{ validFrom: "2026-01-01", reason: "EN 50160" },
  });
  const rows = await rowsOf("power-quality", "phases", `of=p${pointOf(weekly)}&${week}`);
  expect(
    rows.map(({ phase, inRange, outsideWide, known, state }) => [phase, inRange, outsideWide, known, state]),
  ).toEqual([
    ["L1", "95.04", "0", "100.0", "good"],
    ["L2", "94.94", "0", "100.0", "bad"],
    ["L3", "99.90", "1", "100.0", "bad"],
  ]);
  expect(rows[2]).toMatchObject({ lowest: "190.0", highest: "230.0", week: weekFrom });
});

test("limits hold from their day on: a network that wants less has a week that complies", async () => {
  const { status } = await call("POST", "/watch/voltage-limits", {
    ...{ lowV: 195, highV: 253, wideLowV: 185, wideHighV: 253 },
    ...{ sharePercent: 90, unflaggedPercent: 90, unbalancePercent: 2 },
    ...{ validFrom: "2026-11-01", reason: "rețea insulară" },
  });
  expect(status).toBe(204);
  const rows = await rowsOf("power-quality", "phases", `of=p${pointOf(weekly)}&${week}`);
  expect(rows.map(({ state }) => state)).toEqual(["good", "good", "good"]);
  const { body } = await call("GET", "/watch/voltage-limits");
  expect(
    body.rows.map(({ validFrom, reason }: { validFrom: string; reason: string }) => [validFrom, reason]),
  ).toEqual([
    ["2026-11-01", "rețea insulară"],
    ["2026-01-01", "EN 50160"],
  ]);
  const refused = await call("POST", "/watch/voltage-limits", {
    ...{ lowV: 210, highV: 253, wideLowV: 215, wideHighV: 253 },
    ...{ sharePercent: 90, unflaggedPercent: 90, unbalancePercent: 2 },
    ...{ validFrom: "2026-11-02", reason: "greșit" },
  });
  expect([refused.status, refused.body.code]).toEqual([400, "input.invalid"]);
});

test.each([
  ["400/396/404 V", unbalanced, "1.155"],
  ["400/400/400 V", balanced, "0.000"],
  ["400/380/410 V", uneven, "4.424"],
])("TV-38: %s between the phases", async (_, nth, percent) => {
  const [row] = await rowsOf("power-quality", "threePhase", `of=p${pointOf(nth)}&${week}`);
  expect(row).toMatchObject({ unbalance95: percent, state: percent === "4.424" ? "bad" : "good" });
});

test.each([
  [lost, "nul întrerupt"],
  [kept, "fără constatări"],
  [high, "supratensiune"],
])("TV-40: what two samples of point %i say of the neutral", async (nth, words) => {
  const [row] = await rowsOf("power-quality", "threePhase", `of=p${pointOf(nth)}&${week}`);
  expect(row?.neutral).toBe(words);
});

test("events of the log stand by depth and duration, with the depth that the profile shows", async () => {
  const asked = `of=p${pointOf(logged)}&${week}`;
  const events = await rowsOf("power-quality", "disturbances", asked);
  expect(events.map(({ kind, phase, depth, duration }) => [kind, phase, depth, duration])).toEqual([
    ["tensiune lipsă pe fază", "L1", "0.0", "20"],
    ["tensiune scăzută", "L1", "78.3", "3600"],
  ]);
  const depths = await rowsOf("power-quality", "depths", asked);
  expect(depths.find(({ depth }) => depth === "80–70 %")).toMatchObject({ longer: "1", upTo1min: "0" });
  expect(depths.find(({ depth }) => depth === "< 5 %")).toMatchObject({ longer: "0", upTo1min: "1" });
  // An hour of low voltage counts against the week; the interval with the dip does not count at all.
  const [phase] = await rowsOf("power-quality", "phases", asked);
  expect(phase).toMatchObject({ known: "99.9", inRange: "99.40" });
});

test("of a meter without a profile of voltages its readings are shown, and no verdict is made of three", async () => {
  const [row] = await rowsOf("power-quality", "phases", `of=p${pointOf(read)}&${week}`);
  expect(row).toMatchObject({ source: "citiri de registre", mean: "226.0", state: "unknown" });
});

const month = "from=2026-11-01&to=2026-12-01";

test("TV-39: indices of continuity from the events of a thousand meters", async () => {
  // The period of the vector: thirty days.
  clock.ms = Math.max(clock.ms, Date.UTC(2026, 10, 11));
  const [all] = await rowsOf("continuity", "indices", `of=s&${month}`);
  expect(all).toMatchObject({
    incidents: "3",
    saifi: "0.600",
    saidi: "39.0",
    caidi: "65.0",
    maifi: "0.050",
    asai: "99.909722",
  });
  const incidents = await rowsOf("continuity", "incidentList", `of=s&${month}`);
  expect(
    incidents.map(({ cell, affected, longest, customerMinutes }) => [
      cell,
      affected,
      longest,
      customerMinutes,
    ]),
  ).toEqual([
    ["PT-C", "400", "5400", "30000"],
    ["PT-B", "50", "150", "125"],
    ["PT-A", "200", "2700", "9000"],
  ]);
});

test("works that were announced make the interruption planned, until they are taken back", async () => {
  const given = {
    of: `g${transformers[0]}`,
    from: new Date(start - minute).toISOString(),
    to: new Date(start + 60 * minute).toISOString(),
    cause: "planned",
    reason: "revizie anuală PT-A",
  };
  const { status, body } = await call("POST", "/watch/works", given);
  expect(status).toBe(201);
  const indices = await rowsOf("continuity", "indices", `of=s&${month}`);
  expect(indices.map(({ cause, incidents, saidi }) => [cause, incidents, saidi])).toEqual([
    ["toate", "3", "39.0"],
    ["neplanificate", "2", "30.0"],
    ["planificate", "1", "9.0"],
    ["forță majoră", "0", "0.0"],
  ]);
  const own = await rowsOf("continuity", "incidentList", `of=g${transformers[0]}&${month}`);
  expect(own).toEqual([
    expect.objectContaining({ cause: "planificate", reason: "revizie anuală PT-A (ana)" }),
  ]);
  expect((await call("GET", `/watch/works?${month}`)).body.rows).toEqual([
    expect.objectContaining({ name: "PT-A", enteredBy: "ana", reason: "revizie anuală PT-A" }),
  ]);
  expect((await call("DELETE", `/watch/works/${body.workId}`)).status).toBe(204);
  expect((await call("DELETE", `/watch/works/${body.workId}`)).body.code).toBe("planned-work.not-found");
  const again = await rowsOf("continuity", "indices", `of=s&${month}`);
  expect(again[2]).toMatchObject({ incidents: "0" });
});

test("a report leaves as a file with every table, and the log knows", async () => {
  const csv = await call("GET", `/watch/reports/continuity/file.csv?of=s&${month}`);
  expect(csv.text).toContain("Indicatori\r\n");
  expect(csv.text).toContain("toate;3;0,600;39,0;65,0;0,050;99,909722");
  expect(csv.text).toContain("Puncte afectate\r\n");
  const xlsx = await call("GET", `/watch/reports/continuity/file.xlsx?of=s&${month}`);
  expect([xlsx.status, xlsx.text.slice(0, 2)]).toEqual([200, "PK"]);
  const pdf = await call("GET", `/watch/reports/power-quality/file.pdf?of=g${transformers[0]}&${week}`);
  expect([pdf.status, pdf.text.slice(0, 5)]).toEqual([200, "%PDF-"]);
  const { body } = await call("GET", "/log?limit=5");
  expect(JSON.stringify(body)).toContain("power-quality-2026-11-02-2026-11-09");
});

test("system events are counted by kind and day, narrowed by name and severity, and what looks like somebody's hands stands apart", async () => {
  await deliver([
    delivery(700, {
      events: [
        { atMs: start, code: "idis:40" },
        { atMs: start + 5 * minute, code: "idis:41" },
      ],
    }),
    delivery(10, { events: [{ atMs: start + 10 * minute, code: "idis:44" }] }),
  ]);
  const { body: works } = await call("POST", "/watch/works", {
    of: `g${transformers[0]}`,
    from: new Date(start).toISOString(),
    to: new Date(start + 60 * minute).toISOString(),
    cause: "planned",
    reason: "contoare noi PT-A",
  });
  const hands = await rowsOf("events", "unauthorised", `of=s&${month}`);
  expect(hands.map(({ event, endedAt, explainedBy, state }) => [event, endedAt, explainedBy, state])).toEqual(
    [
      ["meter-cover-removed", null, "contoare noi PT-A", "good"],
      ["terminal-cover-removed", new Date(start + 5 * minute).toISOString(), "fără lucrări", "bad"],
    ],
  );
  await call("DELETE", `/watch/works/${works.workId}`);
  const kinds = await rowsOf("events", "kinds", `of=s&${month}`);
  expect(kinds.find(({ event }) => event === "power-down")).toMatchObject({ times: "650", daysWithIt: "1" });
  const days = await rowsOf("events", "byDay", `of=s&${month}`);
  expect(days.find(({ day }) => day === "2026-11-10")).toMatchObject({ times: "1303", critical: "2" });
  const critical = await rowsOf("events", "eventList", `of=s&severity=critical&${month}`);
  expect(critical.map(({ event }) => event)).toEqual(["meter-cover-removed", "terminal-cover-removed"]);
  const named = await rowsOf("events", "eventList", `of=g${transformers[1]}&event=power-up&${month}`);
  expect([named.length, named[0]?.code]).toEqual([50, "vdew:64"]);
});

test("more signs of unauthorised access than a screen shows are counted, and it says how many it leaves out", async () => {
  const october = Date.UTC(2026, 9, 5);
  const covers = Array.from({ length: 520 }, (_, n) => ({ atMs: october + n * minute, code: "idis:44" }));
  await deliver([delivery(11, { events: covers })]);
  const { body: works } = await call("POST", "/watch/works", {
    of: `g${transformers[0]}`,
    from: new Date(october).toISOString(),
    to: new Date(october + 15 * minute).toISOString(),
    cause: "planned",
    reason: "verificare contoare",
  });
  const asked = "of=s&from=2026-10-05&to=2026-10-06";
  const { body } = await call("GET", `/watch/reports/events?${asked}`);
  const { rows, more } = body.parts.find(({ key }: Part) => key === "unauthorised");
  expect([rows.length, more]).toEqual([500, 20]);
  // The works explain the oldest, which the screen does not show.
  expect(body.facts.at(-1).value).toContain(
    "semne de acces neautorizat: 520, din care fără lucrări anunțate: 505",
  );
  const csv = await call("GET", `/watch/reports/events/file.csv?${asked}`);
  expect(csv.text.split("verificare contoare")).toHaveLength(16);
  expect(csv.text).toContain(";capac de contor scos;");
  const english = await call("GET", `/watch/reports/events/file.csv?language=en&${asked}`);
  expect(english.text).toContain("meter cover removed");
  expect(english.text).not.toContain("meter-cover-removed");
  await call("DELETE", `/watch/works/${works.workId}`);
});

test("attempts stand by day, branch and plan with success, tries and errors, and those that fail most come first", async () => {
  const at = (n: number) => new Date(start + n * minute).toISOString();
  const attempt = (nth: number, n: number, state: string, error: string | null) =>
    db.query(sql`
    insert into attempt (device_id, cause, state, requested_at, started_at, ended_at, bytes_sent, bytes_received, error_code)
    values (${meters[nth]!.deviceId}, 'plan', ${state}, ${at(n)}::timestamptz, ${at(n)}::timestamptz,
            ${at(n)}::timestamptz + interval '4 seconds', 500, 1500, ${error})`);
  await attempt(0, 0, "failed", "link.timeout");
  await attempt(0, 1, "failed", "link.closed");
  await attempt(0, 2, "done", null);
  await attempt(1, 3, "done", null);
  await attempt(1, 4, "cancelled", "attempt.cancelled");
  const [day] = await rowsOf("acquisition", "byDay", `of=s&${month}`);
  expect(day).toMatchObject({
    ...{ day: "2026-11-10", attempts: "4", done: "2", success: "50.00", devices: "2", devicesRead: "100.00" },
    ...{ tries: "2.00", bytes: "8.0", meanDuration: "4.0" },
  });
  const branches = await rowsOf("acquisition", "byBranch", `of=s&${month}`);
  expect(branches.map(({ branch, attempts, success }) => [branch, attempts, success])).toEqual([
    ["Câmpulung", "3", "33.33"],
    ["Pitești", "1", "100.00"],
  ]);
  const worst = await rowsOf("acquisition", "worst", `of=s&${month}`);
  expect(worst).toEqual([
    expect.objectContaining({ failed: "2", success: "33.33", lastError: "link.closed", pointId: pointOf(0) }),
  ]);
  const errors = await rowsOf("communication", "errors", `of=p${pointOf(0)}&${month}`);
  expect(errors.map(({ code, times, ofFailed }) => [code, times, ofFailed])).toEqual([
    ["link.closed", "1", "50.00"],
    ["link.timeout", "1", "50.00"],
  ]);
  const listed = await rowsOf("communication", "attemptList", `of=p${pointOf(0)}&${month}`);
  expect(listed.map(({ state, duration, lastError }) => [state, duration, lastError])).toEqual([
    ["good", "4", null],
    ["bad", "4", "link.closed"],
    ["bad", "4", "link.timeout"],
  ]);
  const coverage = await rowsOf(
    "acquisition",
    "coverageByAge",
    `of=p${pointOf(0)}&from=2026-11-02&to=2026-11-03`,
  );
  expect(coverage).toEqual([
    expect.objectContaining({ day: "2026-11-02", expected: "96", missingValues: "96" }),
  ]);
});

test("M125, UX-17: the subscriber's record has contracts, meters, months and indexes of their time, and leaves as a file", async () => {
  const nth = 20;
  const { status, body } = await call("POST", `/points/${pointOf(nth)}/contracts`, {
    number: "C-2026-20",
    from: "2026-10-31T22:00:00Z",
    subscriber: {
      kind: "household",
      number: "9001",
      name: "Ștefănescu Țuțea",
      phone: "",
      email: "",
      address: "",
    },
  });
  expect(status).toBe(201);
  const read = (value: string, measuredAt: string) => ({
    ...{ obis: "1-0:1.8.0*255", measuredAtMs: Date.parse(measuredAt), value, unit: "kWh", flags: 0 },
  });
  // One index before they came, one at the end of October, which is when they came in.
  await deliver([
    {
      ...delivery(nth, {}),
      registers: [read("100.5", "2026-09-30T20:50:00Z"), read("140.25", "2026-10-31T22:00:00Z")],
    },
  ]);
  const url = `/subscribers/${body.subscriberId}/record`;
  const record = (await call("GET", url)).body;
  const rows = (key: string) =>
    record.parts.find((part: Part) => part.key === key).rows as { cells: string[] }[];
  expect(rows("contracts").map(({ cells }) => cells[0])).toEqual(["C-2026-20"]);
  expect(rows("meters")).toHaveLength(1);
  expect(rows("monthEnds").map(({ cells }) => [cells[0], cells[4]])).toEqual([["2026-11-01", "140.25"]]);
  expect(rows("consumptionByMonth").at(-1)?.cells[0]).toBe("2026-11-01");
  expect(rows("eventList").map(({ cells }) => cells[1])).toEqual(["power-up", "power-down"]);
  const pdf = await call("GET", `${url}.pdf`);
  expect(pdf.status).toBe(200);
  const { marked, language, pages } = await readPaper(pdf.bytes);
  expect([marked, language]).toEqual([true, "ro"]);
  const text = pages.map((page) => page.text).join(" ");
  for (const part of ["\u0218tef\u0103nescu \u021au\u021bea", "C-2026-20", "140,25", "Europe/Bucharest"])
    expect(text).toContain(part);
  const tagsOf = (role: string) => pages.flatMap(({ tags }) => ofRole(role, tags)).map((tag) => tag.text);
  expect(tagsOf("H2")).toEqual(record.parts.map(({ title }: { title: string }) => title));
  expect(tagsOf("TH").length).toBeGreaterThan(20);
  expect(tagsOf("TD")).toEqual(expect.arrayContaining(["C-2026-20", "140,25"]));
  const { body: log } = await call("GET", "/log?limit=20");
  const told = log.rows.filter((row: { objectType: string | null }) => row.objectType === "subscriber");
  expect(told.map((row: { action: string }) => row.action)).toContain("view");
});

test("a subscriber's record has the events of their time, however many the meter had afterwards", async () => {
  const nth = 21;
  const movesIn = (number: string, from: string) =>
    call("POST", `/points/${pointOf(nth)}/contracts`, {
      number: `C-${number}`,
      from,
      subscriber: { kind: "household", number, name: `Nume ${number}`, phone: "", email: "", address: "" },
    });
  const { body: first } = await movesIn("9002", "2026-01-31T22:00:00Z");
  await movesIn("9003", "2026-08-31T21:00:00Z");
  const events = (from: string, count: number) =>
    Array.from({ length: count }, (_, n) => ({ atMs: Date.parse(from) + n * minute, code: "idis:40" }));
  await deliver([
    delivery(nth, {
      events: [
        ...events("2026-01-10T08:00:00Z", 2),
        ...events("2026-08-10T08:00:00Z", 33),
        ...events("2026-09-10T08:00:00Z", 320),
      ],
    }),
  ]);
  await db.query(sql`
    insert into kept_month (channel_id, month, scale, sum, present, good, estimated)
    values (${await addChannel(db, { pointId: pointOf(nth) })}, '2026-03-01', 0, 5000, 2972, 2972, 0)`);
  const { body: record } = await call("GET", `/subscribers/${first.subscriberId}/record`);
  // A month whose intervals went at their time is told.
  expect(record.facts.at(-1).value).toBe("2026-03");
  const { rows, more } = record.parts.find(({ key }: Part) => key === "eventList");
  expect([rows.length, more, rows[0].cells[0], rows[29].cells[0]]).toEqual([
    30,
    3,
    "2026-08-10T08:32:00.000Z",
    "2026-08-10T08:03:00.000Z",
  ]);
});

test("M125: a subscriber's record has the year before, what is missing, and what the tariff of their days came to", async () => {
  const nth = 22;
  const thisMonth = Temporal.PlainDate.from(marketDayOf(clock.ms, zone).date).with({ day: 1 });
  const monthBefore = (months: number) => thisMonth.subtract({ months }).toString();
  const month = monthBefore(2);
  const channelId = await addChannel(db, { pointId: pointOf(nth) });
  const fifth = (first: string) => `${first.slice(0, 8)}05`;
  // 95 values of 250 Wh, one of them estimated and one refused, and one that is missing: 23.75 kWh.
  await writeDay(db, {
    channelId,
    day: fifth(month),
    valueAt: (slot) => ({
      value: slot === 7 ? null : 250,
      flags: { 8: quality.estimated, 9: quality.suspect }[slot] ?? 0,
    }),
  });
  await writeDay(db, { channelId, day: fifth(monthBefore(14)), valueAt: () => ({ value: 100 }) });
  await writeDay(db, { channelId, day: fifth(monthBefore(15)), valueAt: () => ({ value: 9_000 }) });
  // They come at noon of the first day: that month is not theirs alone.
  const { body: started } = await call("POST", `/points/${pointOf(nth)}/contracts`, {
    number: "C-22",
    from: new Date(marketDay(monthBefore(15), zone).startMs + 12 * 60 * minute).toISOString(),
    subscriber: { kind: "household", number: "9004", name: "Nume 9004", phone: "", email: "", address: "" },
  });
  const { body: tariff } = await call("POST", "/tariffs", {
    ...{ code: "ANUL", name: "Anul", fromDay: "2020-01-01", toDay: null, reason: "decision 12" },
    terms: {
      ...structuredClone(tariffTemplates.find(({ code }) => code === "RO-CASNIC")!.terms),
      vatPercent: "20",
      components: [{ code: "e", name: "Energie", basis: { kind: "energy" }, price: "0.40" }],
    },
  });
  const given = {
    tariffId: tariff.tariffId,
    of: `p${pointOf(nth)}`,
    fromDay: month,
    toDay: null,
    reason: "contract",
  };
  expect((await call("POST", "/tariffs/assignments", given)).body.points).toBe(1);

  const url = `/subscribers/${started.subscriberId}/record`;
  const { body: record } = await call("GET", url);
  const rowsOfPart = (name: string) => {
    const { columns, rows } = record.parts.find(({ key }: Part) => key === name) as Part;
    return rows.map(({ cells }) => Object.fromEntries(columns.map(({ key }, place) => [key, cells[place]])));
  };
  const months = rowsOfPart("consumptionByMonth");
  const slots = slotsIn(month);
  expect(months.find((row) => row.month === month)).toMatchObject({
    ...{ consumption: "23.750", yearBefore: "9.600" },
    ...{ present: "95", good: "94", estimated: "1", missingValues: String(slots - 95) },
  });
  expect(months.map((row) => row.month)).not.toContain(monthBefore(15));
  expect(months.find((row) => row.month === monthBefore(3))?.yearBefore).toBeNull();
  const accounts = rowsOfPart("tariffs");
  expect(accounts.find((row) => row.from === month)).toMatchObject({
    ...{ contract: "C-22", tariff: "ANUL", consumption: "23.750", net: "9.50", currency: "RON" },
    lastDay: Temporal.PlainDate.from(monthBefore(1)).subtract({ days: 1 }).toString(),
  });
  // Days of the twelve months before the tariff have no price, and say so.
  expect(accounts.at(-1)).toMatchObject({ from: monthBefore(12), tariff: "fără tarif", net: null });
  expect(record.facts.at(-1)).toMatchObject({
    label: "Cont orientativ, contract C-22",
    value: expect.stringMatching(/^11,40 RON cu TVA; intervale prezente 95 din \d+\.\d{3}, estimate 1$/),
  });
  const file = await call("GET", `${url}.csv`);
  expect(file.text).toContain("11,40 RON cu TVA");
  expect(file.text).toContain("ANUL");

  // What it cost is of the right that multi-rate analysis needs; the rest of the record stays.
  const clerk = browserOf(server, await personWith(server, "clerk", { "subscribers.see": "everywhere" }));
  const { body: uncosted } = await clerk("GET", url);
  const partsOf = ({ parts }: { parts: readonly Part[] }) => parts.map(({ key }) => key);
  expect(partsOf(uncosted)).toEqual(partsOf(record).filter((key) => key !== "tariffs"));
  expect(JSON.stringify(uncosted)).not.toMatch(/ANUL|RON/);
  const account = `/analysis/account?of=p${pointOf(nth)}&from=${month}&to=${monthBefore(1)}`;
  expect((await clerk("GET", account)).status).toBe(403);
  expect((await clerk("GET", `${url}.csv`)).text).not.toMatch(/ANUL|RON/);
  const { pages } = await readPaper((await clerk("GET", `${url}.pdf`)).bytes);
  expect(pages.map(({ text }) => text).join(" ")).not.toMatch(/ANUL|RON/);
  // In another branch the right tells of no account of this one.
  const { rows: homes } = await db.query<{ branchId: number }>(sql`
    select branch_id as "branchId" from point join location using (location_id) where point_id = any(${[pointOf(nth), pointOf(nth + 1)]})
    order by point_id`);
  const readerIn = async (name: string, branchId: number) =>
    browserOf(
      server,
      await personWith(server, name, { "subscribers.see": "everywhere", "analysis.see": branchId }),
    );
  const accountsSeenBy = async (reader: typeof call) =>
    (await reader("GET", url)).body.parts.find(({ key }: Part) => key === "tariffs").rows.length;
  expect(await accountsSeenBy(await readerIn("there", homes[1]!.branchId))).toBe(0);
  expect(await accountsSeenBy(await readerIn("here", homes[0]!.branchId))).toBe(accounts.length);
});

const slotsIn = (month: string): number => {
  const after = Temporal.PlainDate.from(month).add({ months: 1 }).toString();
  return (marketDay(after, zone).startMs - marketDay(month, zone).startMs) / (15 * minute);
};
