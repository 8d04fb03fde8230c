import { existsSync, readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { type ReadRequest, readDevice, realClock } from "@energsys/drivers";
import { listen, streamOf } from "@energsys/drivers/testing";
import { lowerLimits } from "@energsys/headend";
import { type ProfileReading, quality, type RegisterReading } from "@energsys/metering";
import { type MeterModelName, meterModels, recogniseModel } from "@energsys/metering/models";
import { findObis } from "@energsys/protocols";
import { type IdentificationParts, IecStation } from "@energsys/protocols/iec62056-21";
import { nodeCiphers } from "@energsys/protocols/node";
import { describe, expect, test } from "vitest";
import { readPush } from "../src/push.ts";

// Every meter model on a telegram of such a meter, through the way that a reading takes: recognised, read, compared with what
// the telegram must say. Telegrams whose licence allows it are fixtures; the others are read from beside the project.

interface Case {
  readonly id: string;
  readonly file: string;
  readonly expect: {
    readonly dataSets?: { address: string; values: { value: string; unit?: string }[] }[];
    readonly numbers?: Record<string, number>;
    readonly fields?: Record<string, number | string>;
    readonly values?: Record<string, string>;
    readonly peerDecode?: { electricity: Record<string, Record<string, number>> };
    readonly encryptionKey?: string;
    readonly authenticationKey?: string;
    readonly profile?: {
      readonly rows?: { end: string; values: number[] }[];
      readonly blocks?: { start: string; rows: number; lastRowEnd: string }[];
      readonly rowCount?: number;
      readonly row3?: number[];
    };
    readonly events?: [string, string | number[]][];
  };
}

const root = join(import.meta.dirname, "../../..");
const fixtures = join(root, "packages/protocols/test/fixtures");
const captures = join(process.env.ENERGSYS_SHARED ?? join(root, "../shared"), "captures");
const places = [
  [join(fixtures, "iec62056-21"), join(fixtures, "iec62056-21/index.json")],
  [join(fixtures, "dlms"), join(fixtures, "dlms/index.json")],
  [captures, join(captures, "iec62056-21/index.json")],
  [captures, join(captures, "dlms/index.json")],
] as const;
const found = new Map<string, Case & { readonly bytes: Uint8Array }>();
for (const [folder, index] of places) {
  if (!existsSync(index)) continue;
  for (const entry of JSON.parse(readFileSync(index, "utf8")) as Case[]) {
    if (!found.has(entry.id)) {
      found.set(entry.id, { ...entry, bytes: new Uint8Array(readFileSync(join(folder, entry.file))) });
    }
  }
}

/** Model, telegram, and the device's identity as the telegram has it; absent where it has none. */
type Row = readonly [MeterModelName, string, string | undefined];

const readouts: readonly Row[] = [
  ["iskra-me162", "isk-me162-readout", "28342193"],
  ["iskra-me162", "own-me162-readout", "40215078"],
  ["landis-gyr-e350", "lgz-zmf100ac-m26", "13647123"],
  ["landis-gyr-e350", "lgz-e350-m27-lf", "18438636"],
  ["landis-gyr-zmd120", "lgz-zmd120", "20000"],
  ["actaris-ace3000", "ace-3k260-mode-e-ident", "1234567890123456"],
];

const customerPorts: readonly Row[] = [
  ["iskra-mt382", "dsmr-2.2-isk-mt382", "00000000000000"],
  ["iskra-mt382", "dsmr-3-isk-mt382", "K8EG004046395507"],
  ["iskra-mt382", "dsmr-5-isk", "K8EG004046395507"],
  ["iskra-am550", "athom-dsmr-5.0-isk-1", "E0034006810516416"],
  ["kaifa-dsmr", "dsmr-4.2-kaifa", "3960221976967177082151037881335713"],
  ["landis-gyr-e350-nl", "xmx-dsmr4", "E2206017647934515"],
  ["landis-gyr-e360", "lgf-e360-se", undefined],
  ["sagemcom-be", "fluvius-1.7.1", "1SAG3101021605"],
  ["sagemcom-hu", "eon-hu", "890082200002160"],
  ["sagemcom-t210", "sagemcom-t210-wh-units", undefined],
  ["easymeter-q3d", "easymeter-q3da", "1336001560"],
  ["ziv-5ctm", "ziv-cta5-dsmr5", "E0069000712520520"],
];

const pushes: readonly Row[] = [
  ["aidon-6000", "esp-hdlc_norway_han_1phase", "7359992890941742"],
  ["aidon-6000", "ams-aidon-no-list3", "7359992892587665"],
  ["iskra-am550", "athom-slovenia-list-1", "ISK1030783826316"],
  ["kaifa-ma110", "esp-raw_salzburg_netz", "KFM1200200234804"],
  ["kaifa-ma110", "esp-mbus_netz_noe_p1", "181220000009"],
  ["kaifa-ma304", "ams-kaifa-no-list2", "6970631402614476"],
  ["kamstrup-omnipower", "ams-kamstrup-no-list2-3ph", "5706567000000000"],
  ["kamstrup-omnipower", "ams-kamstrup-se", "5705705705705707"],
  ["landis-gyr-e350-han", "esp-hdlc_landis_gyr_zmf100", "40799390"],
  ["landis-gyr-e450", "esp-hdlc_landis_gyr_e450", undefined],
];

const zone = "Europe/Berlin";
const limits = lowerLimits({ responseMs: 5000, firstByteMs: 10_000 });
const read = (url: string, more: Partial<ReadRequest>) =>
  readDevice(url, { zone, ...more }, { clock: realClock, limits });
const isThere = ([, id]: Row) => found.has(id);
const caseOf = (id: string) => found.get(id) as NonNullable<ReturnType<typeof found.get>>;

/** Registers as numbers by code, in the unit before the prefix. */
const numbersOf = (registers: readonly RegisterReading[]): Map<string, string> =>
  new Map(registers.map(({ obis, value, unit }) => [obis, `${Number(value)} ${unit}`]));

/** What the telegram must give for the registers of a model, from the flat list of its data sets. */
function expectedOf(name: MeterModelName, { expect: { dataSets = [] } }: Case): Map<string, string> {
  const { registers } = meterModels[name];
  const expected = new Map<string, string>();
  for (const { address, values } of dataSets) {
    const obis = findObis(address);
    // A stamp may stand before its value.
    const first = /^\d{12}[SW]$/.test(values[0]?.value ?? "") ? values[1] : values[0];
    const isRegister = registers !== "all" && registers.some((register) => register.obis === obis);
    if (obis === undefined || !first || !isRegister || expected.has(obis)) continue;
    expected.set(obis, `${Number(first.value)} ${(first.unit ?? "").replace("VAr", "var")}`);
  }
  return expected;
}

/** A readout as a meter of mode C sends it: what a recorder did to its line ends, its ends and its echo is undone. */
function asMeterSends(bytes: Uint8Array): { identification: string; block: Uint8Array } {
  const text = Buffer.from(bytes.map((byte) => byte & 0x7f)).toString("latin1");
  const from = text.lastIndexOf("/");
  const lines = text
    .slice(from)
    .split(/[\r\n]+/)
    .map((line) => line.replace(/[^ -~]/g, ""));
  const [identification = "", ...rest] = lines;
  const end = rest.findIndex((line) => line.startsWith("!"));
  const body = rest.slice(0, end < 0 ? undefined : end).filter((line) => line.includes("("));
  const block = Buffer.from(`\x02${body.join("\r\n")}\r\n!\r\n\x03`, "latin1");
  const bcc = block.subarray(1).reduce((sum, byte) => sum ^ byte, 0);
  return { identification: `${identification}\r\n`, block: Buffer.concat([block, Uint8Array.of(bcc)]) };
}

describe.each(readouts)("%s: the readout %s", (name, id, identity) => {
  test.skipIf(!found.has(id))("is recognised, and its registers are what the telegram says", async () => {
    const { identification, block } = asMeterSends(caseOf(id).bytes);
    const port = await listen((socket) =>
      socket.on("data", (chunk) => {
        const heard = chunk.toString("latin1");
        if (heard.startsWith("/?")) socket.write(identification);
        else if (heard.startsWith("\x06") && heard.includes("0\r")) socket.write(block);
        // Programming mode is not recorded: the meter says nothing, and what was read stays.
      }),
    );
    // What is confirmed by R1 needs a session; recorded-meter.test.ts has it.
    const { quirks, ...model } = meterModels[name];
    const reading = await read(`iec62056-21+tcp://127.0.0.1:${port}`, { registers: false, clock: false });
    expect(reading.model.name).toBe(name);
    const registers = await read(`iec62056-21+tcp://127.0.0.1:${port}`, {
      model: { ...model, quirks: {} },
      registers: true,
    });
    expect(registers.identity).toBe(identity);
    const expected = expectedOf(name, caseOf(id));
    expect(expected.size).toBeGreaterThan(1);
    expect(numbersOf(registers.registers)).toEqual(expected);
    expect(quirks).toBeDefined();
  });
});

describe.each(customerPorts)("%s: the telegram %s", (name, id, identity) => {
  test.skipIf(!found.has(id))("is recognised, and its registers are what the telegram says", async () => {
    // A copy may lack the end of its last line.
    const port = await listen((socket) => {
      socket.write(caseOf(id).bytes);
      socket.write("\r\n");
    });
    const reading = await read(`p1+tcp://127.0.0.1:${port}`, { registers: true });
    expect(reading.model.name).toBe(name);
    expect(reading.identity).toBe(identity ?? "");
    const expected = expectedOf(name, caseOf(id));
    expect(expected.size).toBeGreaterThan(4);
    expect(numbersOf(reading.registers)).toEqual(expected);
  });
});

/** Parts C and D of the codes behind the names of the Norwegian and Swedish project. */
const named: Readonly<Record<string, string>> = {
  active_power_import: "1.7",
  active_power_export: "2.7",
  reactive_power_import: "3.7",
  reactive_power_export: "4.7",
  active_power_import_total: "1.8",
  active_power_export_total: "2.8",
  reactive_power_import_total: "3.8",
  reactive_power_export_total: "4.8",
  current_l1: "31.7",
  current_l2: "51.7",
  current_l3: "71.7",
  voltage_l1: "32.7",
  voltage_l2: "52.7",
  voltage_l3: "72.7",
};
const phases = { voltage: "2.7", current: "1.7" } as const;

/** Numbers of a push by code, whichever of its shapes the expectation has. Energies are those of channel 0. */
function pushedNumbers({ expect: { numbers = {}, fields = {}, peerDecode } }: Case): [string, number][] {
  const electricity = peerDecode?.electricity ?? {};
  return [
    ...Object.entries(numbers).map(([code, value]): [string, number] => {
      const [, , c, d, e] = code.split(".");
      return [`1-0:${c}.${d}.${e}*255`, value];
    }),
    ...Object.entries(fields).flatMap(([name, value]): [string, number][] =>
      named[name] === undefined ? [] : [[`1-0:${named[name]}.0*255`, Number(value)]],
    ),
    ...Object.entries(phases).flatMap(([quantity, code]) =>
      Object.entries(electricity[quantity] ?? {}).map(([phase, value]): [string, number] => [
        `1-0:${[3, 5, 7][Number(phase[1]) - 1]}${code}.0*255`,
        value,
      ]),
    ),
  ];
}

const hexOf = (text: string | undefined) =>
  text === undefined ? undefined : Uint8Array.from(Buffer.from(text, "hex"));

describe.each(pushes)("%s: the push %s", (name, id, identity) => {
  test.skipIf(!found.has(id))("is recognised, and its registers are what the telegram says", () => {
    const entry = caseOf(id);
    const [encryption, authentication] = [entry.expect.encryptionKey, entry.expect.authenticationKey].map(
      hexOf,
    );
    const options = {
      zone,
      ciphers: nodeCiphers,
      ...(encryption ? { keys: { encryption, ...(authentication ? { authentication } : {}) } } : {}),
    };
    const { words, registers, identity: said } = readPush(entry.bytes, 0, options);
    expect(recogniseModel("dlms", words).name).toBe(name);
    expect(said).toBe(identity);
    const values = new Map(registers.map(({ obis, value }) => [obis as string, Number(value)]));
    const { registers: own } = meterModels[name];
    const expected = pushedNumbers(entry);
    expect(expected.length).toBeGreaterThan(3);
    for (const [code, number] of expected) expect([code, values.get(code)]).toEqual([code, number]);
    // What the model lists is what the push has, and each has a unit.
    const codes = own === "all" ? [] : own.map(({ obis }) => obis as string);
    for (const { obis, unit } of registers)
      expect([obis, codes.includes(obis), unit !== ""]).toEqual([obis, true, true]);
  });
});

const station =
  (identification: IdentificationParts, answers: Readonly<Record<string, string>>) => (socket: Socket) =>
    void new IecStation(
      streamOf(socket),
      realClock,
      {
        identification,
        address: "1",
        readout: () => [{ address: "0.0.0", values: [{ value: "10067967" }] }],
        command: (_command, address) => {
          const body = answers[address];
          return body === undefined ? { kind: "error", text: "ERROR" } : { kind: "text", body };
        },
      },
      { reactionMs: 5 },
    );

/** A recorded answer without its frame. */
const bodyOf = (id: string) =>
  Buffer.from(caseOf(id).bytes)
    .toString("latin1")
    .replace(/^[^P]*/, "")
    .replace(/!?(\r\n)?[^ -~\r\n].?$/s, "");

const emh = { manufacturer: "EMH", baudCharacter: "5", enhanced: ["@"], identification: "01LZQJL0014E" };
const metcom = { manufacturer: "MCS", baudCharacter: "5", enhanced: ["@"], identification: "0050010067967" };
const wide = { fromMs: Date.UTC(2018, 0, 1), toMs: Date.UTC(2024, 0, 1) };

/** Rows as `end local time: values in kilo units`. */
function rowsOf(profile: ProfileReading): [string, number[]][] {
  return Array.from(profile.startsMs, (startMs, row) => {
    const end = Temporal.Instant.fromEpochMilliseconds(startMs + profile.periodSeconds * 1000);
    const values = profile.columns.map(({ scale }, at) =>
      Number((profile.values[at]![row]! * 10 ** (scale - 3)).toFixed(6)),
    );
    return [end.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: "second" }), values];
  });
}

const profiles = [
  ["emh-lzqj", "emh-p01-6ch", emh, 6, 0],
  ["emh-lzqj", "emh-p01-two-headers", emh, 6, 0],
  ["metcom-mcs301", "metcom-p01-6ch", metcom, 6, quality.daylightSaving],
  ["metcom-mcs301", "metcom-p01-12ch", metcom, 12, quality.daylightSaving],
] as const;

describe.each(profiles)("%s: the load profile %s", (name, id, identification, columns, flags) => {
  test.skipIf(!found.has(id))("gives rows, columns and flags as recorded", async () => {
    const port = await listen(station(identification, { "P.01": bodyOf(id) }));
    const reading = await read(`iec62056-21+tcp://127.0.0.1:${port}?address=1`, { profiles: [wide] });
    expect(reading.model.name).toBe(name);
    expect(reading.identity).toBe("10067967");
    const [profile] = reading.profiles;
    expect(reading.profiles).toHaveLength(1);
    expect(profile?.columns).toHaveLength(columns);
    expect(profile?.columns.map(({ kind }) => kind)).toEqual(
      Array.from({ length: columns }, (_, at) => (at < 6 ? "demand" : "index")),
    );
    expect(profile?.periodSeconds).toBe(900);
    const rows = rowsOf(profile!);
    expect(Array.from(profile!.flags)).toEqual(rows.map(() => flags));
    const { rows: recorded, blocks, rowCount, row3 } = caseOf(id).expect.profile!;
    if (recorded) expect(rows).toEqual(recorded.map(({ end, values }) => [end, values]));
    if (rowCount) expect(rows).toHaveLength(rowCount);
    if (row3) expect(rows.map(([, values]) => values)).toContainEqual(row3);
    if (blocks) {
      expect(rows).toHaveLength(blocks.reduce((sum, block) => sum + block.rows, 0));
      expect(rows[0]?.[0]).toBe(blocks[0]?.start);
      expect(rows.at(-1)?.[0]).toBe(blocks.at(-1)?.lastRowEnd);
    }
  });
});

const logs = [
  ["emh-lzqj", "emh-p98", emh],
  ["metcom-mcs301", "metcom-p98", metcom],
] as const;

describe.each(logs)("%s: the log %s", (name, id, identification) => {
  test.skipIf(!found.has(id))("gives events as recorded", async () => {
    const port = await listen(station(identification, { "P.98": bodyOf(id) }));
    const reading = await read(`iec62056-21+tcp://127.0.0.1:${port}?address=1`, { events: { fromMs: 0 } });
    expect(reading.model.name).toBe(name);
    const expected = caseOf(id).expect.events!.map(([time, of]) => [
      Temporal.PlainDateTime.from(time).toZonedDateTime(zone).epochMilliseconds,
      `${name === "emh-lzqj" ? name : "metcom"}:${typeof of === "string" ? Number.parseInt(of, 16) : of[0]}`,
    ]);
    expect(reading.events.map(({ atMs, code }) => [atMs, code])).toEqual(expected);
  });
});

test("every real model is tried on a telegram", () => {
  const tried = new Set(
    [...readouts, ...customerPorts, ...pushes, ...profiles].map(([name]) => name as string),
  );
  const real = Object.keys(meterModels).filter((name) => !/^(energsys|generic)-/.test(name));
  expect(real.filter((name) => !tried.has(name))).toEqual([]);
  expect(real.length).toBeGreaterThanOrEqual(12);
  // In a clone alone at least these are tried; the others are skipped and say so.
  const alone = new Set([...readouts, ...customerPorts, ...pushes].filter(isThere).map(([name]) => name));
  expect(alone.size).toBeGreaterThanOrEqual(12);
});
