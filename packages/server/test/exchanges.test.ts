import { sql, storeDeliveries } from "@energsys/store";
import { beforeAll, expect, test } from "vitest";
import { browserOf, firstAccount, host, importPoints, networkPoint, testServer } from "./harness.ts";

const server = await testServer();
const { db, clock } = server;
const person = await firstAccount(server);
const call = browserOf(server, person);
await importPoints(db, [networkPoint(1), networkPoint(2)]);
const { rows } = await db.query<{ pointId: number; meterId: number; deviceId: number; serial: string }>(sql`
  select point_id as "pointId", meter_id as "meterId", device_id as "deviceId", serial
  from installation join meter using (meter_id) join device using (meter_id) order by point_id`);
const [first, second] = rows as [(typeof rows)[number], (typeof rows)[number]];
const total = "1-0:1.8.0*255";
const hour = 3_600_000;
// Yesterday at noon: what the old meter gives two hours longer is of the same local day, at whatever hour this runs.
const atMs = Math.floor(clock.ms / (24 * hour)) * 24 * hour - 12 * hour + 420_000;

beforeAll(() =>
  storeDeliveries(
    db,
    [
      {
        deviceId: first.deviceId,
        meterId: first.meterId,
        receivedAtMs: clock.ms,
        blocks: [],
        events: [],
        profiles: [
          {
            obis: "1-0:99.1.0*255",
            periodSeconds: 900,
            columns: [{ obis: "1-0:1.29.0*255", kind: "delta", unit: "Wh", scale: 0 }],
            startsMs: Float64Array.from(
              { length: 48 },
              (_, row) => atMs - 420_000 - 40 * 900_000 + row * 900_000,
            ),
            values: [new Float64Array(48).fill(120)],
            flags: new Uint16Array(48),
          },
        ],
        registers: [{ obis: total, measuredAtMs: atMs - 10 * hour, value: "500.000", unit: "kWh", flags: 0 }],
      },
    ],
    { nowMs: clock.ms, zone: "Europe/Bucharest" },
  ),
);

const asked = (changes: object = {}) => ({
  at: new Date(atMs).toISOString(),
  meter: { serial: "90001", manufacturer: "NEW", model: "generic-dlms", phases: 1, maxCurrentA: 60 },
  last: [{ obis: total, value: "504.8", unit: "kWh" }],
  first: [{ obis: total, value: "0.002", unit: "kWh" }],
  ledPulsesPerKwh: "1000",
  outputPulseWh: "0.5",
  identity: "NEW90001",
  ...changes,
});
const why = { fittedBy: "Ion Electricianu", reason: "verificare metrologică", accepted: [] as string[] };
const path = `/points/${first.pointId}/exchanges`;

test("an exchange is looked at first: what is wrong, what the old meter counted, and what the curve becomes", async () => {
  const { status, body } = await call("POST", `${path}/checks`, asked());
  expect(status).toBe(200);
  expect(body).toMatchObject({
    oldSerial: first.serial,
    stock: null,
    findings: [],
    doubts: [],
    steps: [{ obis: total, before: "500", last: "504.8", energy: "4.8" }],
  });
  expect(body.effects).toHaveLength(1);
  const [effect] = body.effects;
  expect([effect.obis, effect.unit, effect.after.at(-2)]).toEqual(["1-0:1.29.0*255", "Wh", null]);
  // The old one's intervals after the exchange count no more.
  expect(effect.sumBefore - effect.sumAfter).toBe(7 * 120);
  const { body: wrong } = await call("POST", `${path}/checks`, {
    ...asked({ meter: { serial: second.serial } }),
    last: [{ obis: total, value: "499", unit: "kWh" }],
  });
  expect(wrong.findings.map(({ word }: { word: string }) => word)).toEqual(["elsewhere", "below-last"]);
  expect(wrong.effects).toEqual([]);
});

test("it is made with a reason, stands in the log and on the page of the point, and is taken back", async () => {
  const made = await call("POST", path, { ...asked(), ...why });
  expect([made.status, made.body]).toEqual([
    201,
    { exchangeId: expect.any(Number), requestId: null, days: expect.any(Number) },
  ]);
  const { body: point } = await call("GET", `/points/${first.pointId}`);
  expect(point.installations).toMatchObject([
    {
      serial: "90001",
      from: new Date(atMs).toISOString(),
      ledPulsesPerKwh: "1000",
      outputPulseWh: "0.5",
      to: null,
    },
    { serial: first.serial, to: new Date(atMs).toISOString(), ledPulsesPerKwh: null, outputPulseWh: null },
  ]);
  expect(point.device).toMatchObject({ identity: "NEW90001", enabled: true });
  const { body: log } = await call(
    "GET",
    `/log?objectType=point&objectId=${first.pointId}&kind=parametrisation`,
  );
  expect(log.rows).toContainEqual(
    expect.objectContaining({
      action: "exchange",
      reason: why.reason,
      before: expect.objectContaining({ meter: first.serial }),
    }),
  );
  const { exchangeId } = made.body;
  const photo = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 7]);
  const added = await call("POST", `/exchanges/${exchangeId}/photos`, {
    fileName: "contor.jpg",
    content: photo.toString("base64"),
  });
  expect(added.status).toBe(201);
  const { body: list } = await call("GET", path);
  expect(list.rows).toMatchObject([
    {
      exchangeId,
      oldSerial: first.serial,
      newSerial: "90001",
      fittedBy: why.fittedBy,
      photos: [{ sizeBytes: 5 }],
    },
  ]);
  const picture = await server.app.inject({
    url: `/api/exchange-photos/${added.body.photoId}`,
    headers: { host, cookie: person.cookie },
  });
  expect([picture.statusCode, picture.headers["content-type"], picture.rawPayload]).toEqual([
    200,
    "image/jpeg",
    photo,
  ]);
  expect((await call("POST", `/exchanges/${exchangeId}/undo`, { reason: "alt punct" })).status).toBe(200);
  expect((await call("POST", `/exchanges/${exchangeId}/undo`, { reason: "alt punct" })).body.code).toBe(
    "exchange.undone",
  );
  const { body: back } = await call("GET", `/points/${first.pointId}`);
  expect(back.installations).toMatchObject([{ serial: first.serial, to: null }]);
});

test("what the check says is not passed over", async () => {
  const low = { last: [{ obis: total, value: "499", unit: "kWh" }] };
  const refused = await call("POST", path, { ...asked(low), ...why });
  expect([refused.status, refused.body.code, refused.body.detail]).toEqual([
    409,
    "exchange.doubtful",
    `below-last ${total}`,
  ]);
  const late = await call("POST", path, { ...asked({ at: "2999-01-01T00:00:00Z" }), ...why });
  expect([late.body.code, late.body.detail]).toEqual(["exchange.refused", "future"]);
  const twice = { last: [...asked().last, ...asked().last] };
  expect((await call("POST", path, { ...asked(twice), ...why })).body.fields).toHaveProperty("/last");
  const none = await call("POST", path, { ...asked({ outputPulseWh: "0" }), ...why });
  expect(none.body.fields).toHaveProperty("/outputPulseWh");
  const text = Buffer.from("not a picture").toString("base64");
  const made = await call("POST", path, { ...asked(low), ...why, accepted: [`below-last ${total}`] });
  expect(made.status).toBe(201);
  const photo = await call("POST", `/exchanges/${made.body.exchangeId}/photos`, {
    fileName: "a",
    content: text,
  });
  expect(photo.body.code).toBe("photo.unreadable");
});
