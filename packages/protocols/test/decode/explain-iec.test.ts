import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { explain, type Reading } from "@energsys/protocols/decode";
import { encodeBlock, encodeText } from "@energsys/protocols/iec62056-21";
import fc from "fast-check";
import { expect, test } from "vitest";
import { captures, capturesWith, fixtures, type PeerDecode, sharedFolder } from "../iec62056-21/captures.ts";

const file = (name: string) => new Uint8Array(readFileSync(join(fixtures, name)));
const readingsOf = (bytes: Uint8Array): readonly Reading[] => explain(bytes).telegrams[0]?.readings ?? [];

test("a readout is explained as the command line promises", () => {
  const explanation = explain(file("own-me162-readout.txt"));
  expect(explanation.warnings).toEqual([]);
  expect(explanation.telegrams).toHaveLength(1);
  const [telegram] = explanation.telegrams;
  expect(telegram).toMatchObject({
    kind: "iec62056-21-readout",
    device: { manufacturer: "ISK", identification: "ME162-0033" },
    checks: { bcc: "good" },
  });
  expect(telegram?.readings).toContainEqual({
    obis: "1-0:1.8.0*255",
    address: "1.8.0",
    value: "4711.815",
    unit: "kWh",
    raw: "0004711.815*kWh",
  });
  expect(telegram?.readings).toContainEqual({
    obis: "0-0:96.1.0*255",
    address: "C.1.0",
    value: "40215078",
    raw: "40215078",
  });
});

test("a profile is explained as the command line promises, both blocks in one", () => {
  const explanation = explain(file("own-p01.txt"));
  expect(explanation).toEqual({
    warnings: [],
    telegrams: [
      {
        kind: "load-profile",
        checks: { bcc: "good" },
        profile: {
          obis: "1-0:99.1.0*255",
          periodSeconds: 900,
          columns: [
            { obis: "1-0:1.29.0*255", unit: "kWh", scaler: 0 },
            { obis: "1-0:2.29.0*255", unit: "kWh", scaler: 0 },
          ],
          rows: [
            { time: "2026-10-25T02:15:00+02:00", status: "00", values: ["0.125", "0.000"] },
            { time: "2026-10-25T02:30:00+02:00", status: "00", values: ["0.250", null] },
            { time: "2026-10-25T02:45:00+02:00", status: "00", values: [null, null] },
            { time: "2026-10-25T03:00:00+02:00", status: "20", values: ["0.375", null] },
          ],
        },
      },
    ],
  });
});

test("a profile whose channels change is as many telegrams as there are structures", () => {
  const text =
    "\x02P.01(0260105001500)(00)(15)(1)(1.29)(kWh)\r\n(0.125)\r\n" +
    "P.01(0260105010000)(00)(60)(1)(1.29)(kWh)\r\n(0.500)\r\n\x03";
  expect(
    explain(encodeText(text)).telegrams.map(({ profile }) => [profile?.periodSeconds, profile?.rows.length]),
  ).toEqual([
    [900, 1],
    [3600, 1],
  ]);
});

test("a log is explained with time, status and event code", () => {
  const [telegram] = explain(file("own-p98.txt")).telegrams;
  expect(telegram).toMatchObject({
    kind: "event-log",
    obis: "1-0:99.98.0*255",
    events: [
      { time: "2026-08-01T06:00:00+03:00", status: "80" },
      { time: "2026-08-01T06:15:30+03:00", status: "40", code: "2", values: ["2", "1"] },
    ],
  });
});

test("the zone of local stamps can be told", () => {
  const [telegram] = explain(file("own-p98.txt"), { zone: "Europe/Zurich" }).telegrams;
  expect(telegram?.events?.[0]?.time).toBe("2026-08-01T06:00:00+02:00");
});

test("P1 readings carry the time of their stamp", () => {
  const readings = readingsOf(file("fluvius-1.7.1.txt"));
  expect(readings).toContainEqual({
    obis: "0-2:24.2.1*255",
    address: "0-2:24.2.1",
    value: "872.234",
    unit: "m3",
    time: "2020-05-12T13:45:58+03:00",
    raw: "00872.234*m3",
  });
  expect(
    readings.filter(({ address }) => address === "0-0:98.1.0").map(({ time, value }) => [time, value]),
  ).toEqual([
    [undefined, "3"],
    ["2020-04-23T19:25:38+03:00", "3.695"],
    // Its letter says summer time in March: the stamp decides, not the calendar.
    ["2020-03-05T12:21:39+03:00", "5.980"],
    ["2020-02-10T03:54:21+02:00", "4.318"],
  ]);
});

test("the hourly value of DSMR 2 is found on its line or on the next", () => {
  for (const name of ["dsmr-2.2-isk-mt382.txt", "lvzon-3.0.txt"]) {
    const gas = readingsOf(file(name)).find(({ obis }) => obis === "0-1:24.2.1*255");
    expect(gas).toMatchObject({ unit: "m3", value: name.startsWith("dsmr") ? "1.001" : "0.000" });
    expect(gas?.time).toMatch(/^20\d\d-\d\d-\d\dT\d\d:00:00$/);
  }
});

test("the moment of a maximum stands behind its value", () => {
  expect(readingsOf(encodeText("\x021.6.1(0.482*kW)(2211120730)\r\n!\r\n\x03"))).toEqual([
    {
      obis: "1-0:1.6.1*255",
      address: "1.6.1",
      value: "0.482",
      unit: "kW",
      time: "2022-11-12T07:30:00",
      raw: "0.482*kW",
    },
  ]);
});

test.each(capturesWith("dataSets"))(
  "%s: every quantity of its list is among the readings",
  (_id, { bytes }, dataSets) => {
    const readings = readingsOf(bytes);
    for (const { address, values } of dataSets) {
      for (const { value, unit } of values) {
        if (unit === undefined || unit.includes("&")) continue;
        const found = readings.filter((reading) => reading.address === address);
        expect(found.map((reading) => [Number(reading.value), reading.unit])).toContainEqual([
          Number(value),
          unit,
        ]);
        for (const reading of found.filter((some) => some.unit !== undefined)) {
          expect(reading.value).toMatch(/^-?(0|[1-9]\d*)(\.\d+)?$/);
        }
      }
    }
  },
);

test.each(captures.map((capture) => [capture.id, capture] as const))(
  "%s written as hex with line ends is explained the same",
  (_id, { bytes }) => {
    const hex = bytes.toHex().replace(/.{32}/g, "$& \n");
    expect(explain(encodeText(hex))).toEqual(explain(bytes));
  },
);

/** Numbers of the other project's decode by address; its energies and powers are in Wh and W. */
function peerNumbers({ electricity = {}, metadata, mBus = {} }: PeerDecode): [string, number, number][] {
  const numbers: [string, number, number][] = [];
  const add = (address: string, value: unknown, factor = 1) => {
    if (typeof value === "number") numbers.push([address, value, factor]);
  };
  const phases = (group: unknown, codes: number[], rest: string, factor = 1) => {
    const of = (group ?? {}) as Record<string, number>;
    codes.forEach((code, index) => {
      add(`1-0:${code}.${rest}`, of[`l${index + 1}`], factor);
    });
  };
  const total = (electricity.total ?? {}) as Record<string, number>;
  add("1-0:1.8.0", total.received, 1000);
  add("1-0:2.8.0", total.returned, 1000);
  for (const [tariff, { received, returned }] of Object.entries(electricity.tariffs ?? {})) {
    add(`1-0:1.8.${tariff}`, received, 1000);
    add(`1-0:2.8.${tariff}`, returned, 1000);
  }
  add("0-0:96.14.0", electricity.currentTariff);
  add("1-0:1.7.0", electricity.powerReceivedTotal, 1000);
  add("1-0:2.7.0", electricity.powerReturnedTotal, 1000);
  phases(electricity.powerReceived, [21, 41, 61], "7.0", 1000);
  phases(electricity.powerReturned, [22, 42, 62], "7.0", 1000);
  phases(electricity.voltage, [32, 52, 72], "7.0");
  phases(electricity.current, [31, 51, 71], "7.0");
  add("0-0:96.7.21", metadata?.events?.powerFailures);
  add("0-0:96.7.9", metadata?.events?.longPowerFailures);
  phases(metadata?.events?.voltageSags, [32, 52, 72], "32.0");
  phases(metadata?.events?.voltageSwells, [32, 52, 72], "36.0");
  for (const [channel, { value }] of Object.entries(mBus)) add(`0-${channel}:24.2`, value);
  return numbers;
}

test.each(capturesWith("peerDecode"))(
  "%s: another project's decode has equal numbers",
  (_id, { bytes }, peer) => {
    const readings = readingsOf(bytes);
    const numbers = peerNumbers(peer);
    expect(numbers.length).toBeGreaterThan(5);
    for (const [address, value, factor] of numbers) {
      const found = readings.filter(
        ({ obis, value: text }) => obis?.startsWith(address) && !Number.isNaN(Number(text)),
      );
      expect([
        address,
        found.map((reading) => Math.round(Number(reading.value) * factor * 1000) / 1000),
      ]).toEqual([address, expect.arrayContaining([value])]);
    }
    const clock = readings.find(({ obis }) => obis === "0-0:1.0.0*255")?.time;
    if (peer.metadata?.timestamp && clock)
      expect(clock.slice(0, 19)).toBe(peer.metadata.timestamp.slice(0, 19));
  },
);

test("a recorded session is explained frame by frame, its messages after it", () => {
  const { telegrams, warnings } = explain(file("own-session.json"));
  expect(warnings).toEqual([]);
  expect(telegrams.map(({ kind }) => kind)).toEqual([
    "iec62056-21-session",
    "iec62056-21-readout",
    "iec62056-21-readout",
    "load-profile",
    "event-log",
    "iec62056-21-readout",
  ]);
  expect(telegrams[0]?.frames?.slice(9, 14).map(({ from, explains }) => `${from}: ${explains}`)).toEqual([
    "meter: P0: operand (40215078)",
    "reader: P1: password",
    "meter: ACK",
    "reader: R1, read: 1.8.0()",
    "meter: answer (0004711.815*kWh)",
  ]);
  // The answer to R1 has no address of its own.
  expect(telegrams[2]?.readings).toEqual([
    { obis: "1-0:1.8.0*255", address: "1.8.0", value: "4711.815", unit: "kWh", raw: "0004711.815*kWh" },
  ]);
  expect(telegrams[5]).toMatchObject({ error: "ER04" });
});

test("a recording that parts the meter's bytes anywhere is explained to the same messages", () => {
  const { steps }: { steps: { dir: string; hex: string }[] } = JSON.parse(
    readFileSync(join(fixtures, "own-session.json"), "utf8"),
  );
  const parted = steps.flatMap(({ dir, hex }) =>
    dir === "to-meter" ? [{ dir, hex }] : (hex.match(/.{1,14}/g) ?? []).map((part) => ({ dir, hex: part })),
  );
  const { telegrams, warnings } = explain(encodeText(JSON.stringify({ steps: parted })));
  expect(warnings).toEqual([]);
  expect(telegrams.slice(1)).toEqual(explain(file("own-session.json")).telegrams.slice(1));
});

test("partial blocks of a recording are one message, a repeated block counts once", () => {
  const hex = (text: string) => encodeText(text).toHex();
  const block = (body: string, last: boolean) => encodeBlock(body, { last }).toHex();
  const damaged = encodeBlock("1.8.0(1*kWh)\r\n", { last: false });
  damaged[1]! ^= 1;
  const steps = [
    { dir: "to-meter", hex: hex("/?!\r\n") },
    { dir: "from-meter", hex: hex("/ENS5PARTS\r\n") },
    { dir: "to-meter", hex: hex("\x06050\r\n") },
    { dir: "from-meter", hex: damaged.toHex() },
    { dir: "to-meter", hex: "15" },
    { dir: "from-meter", hex: block("1.8.0(1*kWh)\r\n", false) },
    { dir: "to-meter", hex: "06" },
    { dir: "from-meter", hex: block("2.8.0(2*kWh)\r\n!\r\n", true) },
  ];
  const { telegrams } = explain(encodeText(JSON.stringify({ steps })));
  expect(telegrams[0]?.checks).toEqual({ bcc: "bad" });
  expect(telegrams[1]?.checks).toEqual({ bcc: "good" });
  expect(telegrams[1]?.readings?.map(({ address, value }) => [address, value])).toEqual([
    ["1.8.0", "1"],
    ["2.8.0", "2"],
  ]);
});

const iskra = join(sharedFolder, "captures/sessions/iec-isk-me162-mode-c.json");
test.skipIf(!existsSync(iskra))("the recorded session of a real ISKRA ME162 is explained", () => {
  const { telegrams, warnings } = explain(new Uint8Array(readFileSync(iskra)));
  expect(warnings).toEqual([]);
  expect(telegrams[0]).toMatchObject({ kind: "iec62056-21-session", checks: { bcc: "good" } });
  expect(telegrams[0]?.frames).toHaveLength(15);
  expect(telegrams[1]?.readings).toHaveLength(9);
  expect(telegrams[2]?.readings?.[0]).toMatchObject({
    obis: "1-0:1.8.0*255",
    value: "33402.264",
    unit: "kWh",
  });
});

test("a command on its own is explained with its check", () => {
  const right = explain(encodeText("\x01R1\x021.8.0()\x03Z"));
  expect(right.telegrams).toEqual([
    { kind: "iec62056-21-command", checks: { bcc: "good" }, explains: "R1, read: 1.8.0()" },
  ]);
  const wrong = explain(encodeText("01523102312e382e3028290321"));
  expect(wrong.telegrams[0]?.checks).toEqual({ bcc: "bad" });
  expect(wrong.warnings[0]).toMatch(/^iec\.bcc at byte 0/);
});

test("data sets that were copied out of a message are understood", () => {
  expect(readingsOf(encodeText("1.8.0(0033402.264*kWh)\r\n2.8.0(0000013.465*kWh)\r\n"))).toHaveLength(2);
});

test("wrong check bytes and stray bytes are warnings with code and place", () => {
  expect(explain(file("own-me162-damaged.txt")).warnings).toEqual([
    "iec.bcc at byte 0: the check byte does not agree",
  ]);
  expect(explain(file("own-me162-lf-lf-cut.txt")).warnings).toEqual([
    "iec.cut at byte 0: the message has no end",
  ]);
  const stray = explain(encodeText("/ISK5X\r\n\x021.8.0(1*kWh)stray\r\n!\r\n\x03"));
  expect(stray.warnings).toEqual(["iec.stray at byte 21"]);
});

test.each([
  ["nothing", ""],
  ["prose", "the meter is in the cellar (left)"],
  ["JSON that is no session", '{"steps": 3}'],
  ["a session without steps of either side", '{"steps": [{"dir": "up", "hex": "00"}]}'],
])("%s gives a warning and no telegram", (_what, text) => {
  const { telegrams, warnings } = explain(encodeText(text));
  expect(telegrams).toEqual([]);
  expect(warnings).toEqual(["decode.unrecognised at byte 0"]);
});

test("whatever bytes come, there is a telegram or a warning, and never an error", () => {
  const pieces = captures.map(({ bytes }) => bytes);
  const damaged = fc
    .tuple(
      fc.constantFrom(...pieces),
      fc.array(fc.tuple(fc.nat(1500), fc.nat(255)), { maxLength: 6 }),
      fc.nat(1500),
    )
    .map(([bytes, changes, cut]) => {
      const copy = bytes.slice(cut % bytes.length);
      for (const [at, value] of changes) copy[at % copy.length] = value;
      return copy;
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), damaged), (bytes) => {
      const { telegrams, warnings } = explain(bytes);
      expect(telegrams.length + warnings.length).toBeGreaterThan(0);
      JSON.stringify(telegrams);
      for (const warning of warnings) expect(warning).toMatch(/^[a-z]+\.[a-z-]+ at byte \d+/);
    }),
    { numRuns: 400 },
  );
});
