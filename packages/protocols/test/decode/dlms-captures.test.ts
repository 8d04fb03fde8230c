import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Explanation, explain, type Reading, type Telegram } from "@energsys/protocols/decode";
import { nodeCiphers } from "@energsys/protocols/node";
import { expect, test } from "vitest";
import { captures, hasCaptures, hex } from "../dlms/support.ts";

interface Case {
  readonly id: string;
  readonly file: string;
  readonly kind: string;
  readonly expect: {
    readonly numbers?: Record<string, number>;
    readonly strings?: Record<string, string>;
    readonly fields?: Record<string, string | number>;
    readonly frames?: { length: number; fcsOk: boolean; segmented: boolean }[];
    readonly peerDecode?: {
      readonly cosem: { readonly unknownObjects: string[]; readonly knownObjects: string[] };
    };
    readonly systemTitle?: string;
    readonly invocationCounter?: number | string;
    readonly encryptionKey?: string;
    readonly authenticationKey?: string;
    readonly plainApdu?: string;
  };
}

const ownFolder = join(import.meta.dirname, "../fixtures/dlms");
const readIndex = (folder: string): Case[] =>
  existsSync(join(folder, "index.json")) ? JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) : [];
const read = (folder: string, file: string): Explanation => explain(readFileSync(join(folder, file)));

/** Every case once: the own copies, and what lies beside the clone. */
const cases: { folder: string; id: string; case: Case }[] = [
  ...readIndex(ownFolder).map((entry) => ({ folder: ownFolder, id: entry.id, case: entry })),
  ...(hasCaptures ? readIndex(join(captures, "dlms")) : [])
    .filter((entry) => !existsSync(join(ownFolder, `${entry.id}.hex`)))
    .map((entry) => ({ folder: captures, id: entry.id, case: entry })),
];

const dotted = (code: string): string => {
  const [a, b, c, d, e, f] = code.split(".");
  return `${a}-${b}:${c}.${d}.${e}*${f}`;
};

const readingsOf = (telegrams: readonly Telegram[]): readonly Reading[] =>
  telegrams.flatMap((telegram) => telegram.readings ?? []);

const readValue = (telegrams: readonly Telegram[], obis: string): string | undefined =>
  readingsOf(telegrams).find((reading) => reading.obis === obis)?.value;

const withNumbers = cases.filter(({ case: { expect, kind } }) => expect.numbers && !kind.includes("glo"));
test.each(withNumbers)(
  "$id gives the numbers and texts that its project reads",
  ({ folder, case: entry }) => {
    const { telegrams } = read(folder, entry.file);
    for (const [code, number] of Object.entries(entry.expect.numbers ?? {})) {
      expect([code, Number(readValue(telegrams, dotted(code)))]).toEqual([code, number]);
    }
    for (const [code, text] of Object.entries(entry.expect.strings ?? {})) {
      expect([code, readValue(telegrams, dotted(code))]).toEqual([code, text]);
    }
  },
);

const withFrames = cases.filter(({ case: entry }) => entry.expect.frames);
test.each(withFrames)(
  "$id is cut into its frames with the state of their checks",
  ({ folder, case: entry }) => {
    const { telegrams, warnings } = read(folder, entry.file);
    const frames = telegrams.flatMap((telegram) => telegram.frames ?? []);
    expect(
      frames.map((frame) => ({
        length: frame.hex.length / 2 - 2,
        fcsOk: frame.checks?.fcs === "good",
        segmented: frame.explains.includes("segment"),
      })),
    ).toEqual(entry.expect.frames);
    const allGood = entry.expect.frames?.every((frame) => frame.fcsOk);
    expect(telegrams[0]?.checks.fcs).toBe(allGood ? "good" : "bad");
    expect(warnings.some((warning) => warning.startsWith("hdlc.fcs"))).toBe(!allGood);
  },
);

/** The names of the Norwegian and Swedish project and the codes that they stand for (groups C and D). */
const fieldGroups: Record<string, string> = {
  active_power_import: "1.7.0",
  active_power_export: "2.7.0",
  reactive_power_import: "3.7.0",
  reactive_power_export: "4.7.0",
  active_power_import_l1: "21.7.0",
  active_power_import_l2: "41.7.0",
  active_power_export_l1: "22.7.0",
  active_power_export_l2: "42.7.0",
  active_power_export_l3: "62.7.0",
  reactive_power_import_l1: "23.7.0",
  reactive_power_import_l2: "43.7.0",
  reactive_power_import_l3: "63.7.0",
  reactive_power_export_l1: "24.7.0",
  reactive_power_export_l2: "44.7.0",
  reactive_power_export_l3: "64.7.0",
  active_power_import_total: "1.8.0",
  active_power_export_total: "2.8.0",
  reactive_power_import_total: "3.8.0",
  reactive_power_export_total: "4.8.0",
  current_l1: "31.7.0",
  current_l2: "51.7.0",
  current_l3: "71.7.0",
  voltage_l1: "32.7.0",
  voltage_l2: "52.7.0",
  voltage_l3: "72.7.0",
};
const textFields: Record<string, string[]> = {
  list_ver_id: ["1-1:0.2.129*255"],
  meter_id: ["0-0:96.1.0*255", "1-1:0.0.5*255"],
  meter_type: ["0-0:96.1.7*255", "1-1:96.1.1*255"],
};

const withFields = cases.filter(({ case: entry }) => entry.expect.fields);
test.each(withFields)("$id gives the named fields of its project", ({ folder, case: entry }) => {
  const { telegrams } = read(folder, entry.file);
  const [telegram] = telegrams;
  for (const [name, value] of Object.entries(entry.expect.fields ?? {})) {
    if (name === "meter_manufacturer") expect(telegram?.device?.manufacturer).toBe(value);
    else if (name === "meter_datetime") {
      const parts = [...`${value}`.matchAll(/\d+/g)].map(Number);
      const [year, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
      if (year === undefined) continue;
      const two = (part: number) => `${part}`.padStart(2, "0");
      const local = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
      expect(`${telegram?.time}`.slice(0, 19)).toBe(local);
    } else if (textFields[name]) {
      const found = textFields[name]
        .map((code) => readValue(telegrams, code))
        .find((text) => text !== undefined);
      expect([name, found]).toEqual([name, value]);
    } else {
      const group = fieldGroups[name];
      expect([name, group]).not.toEqual([name, undefined]);
      const found = readingsOf(telegrams).find((reading) =>
        new RegExp(`^1-[01]:${group}\\*255$`).test(reading.obis ?? ""),
      );
      expect([name, Number(found?.value)]).toEqual([name, value]);
    }
  }
});

const withPeer = cases.filter(({ case: entry }) => entry.expect.peerDecode);
test.skipIf(withPeer.length === 0).each(withPeer)(
  "$id gives the objects that its project reads",
  ({ folder, case: entry }) => {
    const { telegrams } = read(folder, entry.file);
    const { unknownObjects = [], knownObjects = [] } = entry.expect.peerDecode?.cosem ?? {};
    expect(knownObjects.length).toBeGreaterThan(5);
    for (const object of [...unknownObjects, ...knownObjects]) {
      const [, code = "", value = "", unit = ""] = /^(.*)\(([^*]*)(?:\*(.*))?\)$/.exec(object) ?? [];
      const reading = readingsOf(telegrams).find((candidate) => candidate.obis === `${code}*255`);
      if (value === "null") expect([code, reading]).toEqual([code, undefined]);
      else if (/^[\d.]+$/.test(value)) {
        // That project gives raw numbers where the telegram has no unit.
        const own = unit === "" && reading?.raw !== undefined ? reading.raw : reading?.value;
        expect([code, Number(own)]).toEqual([code, Number(Number(value).toFixed(6))]);
      } else expect([code, reading?.raw?.toLowerCase()]).toEqual([code, value]);
    }
  },
);

const ciphered = cases.filter(({ case: entry }) => entry.kind.includes("glo") && entry.expect.systemTitle);
test.each(ciphered)(
  "$id shows what stands in the clear and says that no key was given",
  ({ folder, case: entry }) => {
    const { telegrams, warnings } = read(folder, entry.file);
    expect(telegrams[0]?.device?.systemTitle).toBe(entry.expect.systemTitle?.toUpperCase());
    expect(telegrams[0]?.readings).toBeUndefined();
    expect(warnings.some((warning) => warning.startsWith("dlms.no-key"))).toBe(true);
    if (entry.expect.invocationCounter !== undefined) {
      expect(telegrams[0]?.apdu).toMatchObject({ invocationCounter: Number(entry.expect.invocationCounter) });
    }
  },
);

const withKey = cases.filter(({ case: { expect, kind } }) => expect.encryptionKey && kind.includes("glo"));
test.each(withKey)("$id opens with its key", ({ folder, case: entry }) => {
  const { encryptionKey = "", authenticationKey, numbers = {}, strings = {}, plainApdu } = entry.expect;
  const keys = {
    encryption: hex(encryptionKey),
    ...(authenticationKey !== undefined && { authentication: hex(authenticationKey) }),
  };
  const bytes = readFileSync(join(folder, entry.file));
  const { telegrams, warnings } = explain(bytes, { ciphers: nodeCiphers, keys });
  expect(telegrams[0]?.kind).toBe("dlms-push");
  expect(telegrams[0]?.checks.tag).toBe(authenticationKey === undefined ? "absent" : "good");
  expect(warnings.filter((warning) => /^(data|apdu|dlms\.(tag|no-))/.test(warning))).toEqual([]);
  for (const [code, number] of Object.entries(numbers)) {
    expect([code, Number(readValue(telegrams, dotted(code)))]).toEqual([code, number]);
  }
  for (const [code, text] of Object.entries(strings)) {
    if (code !== "0.0.0.0.0.0") expect([code, readValue(telegrams, dotted(code))]).toEqual([code, text]);
  }
  if (plainApdu === undefined) return;
  const plain = explain(hex(plainApdu)).telegrams[0];
  expect(telegrams[0]?.readings).toEqual(plain?.readings);
});

test("a wrong key shows nothing of what is inside", () => {
  const bytes = readFileSync(join(ownFolder, "esp-hdlc_landis_gyr_e450.hex"));
  const keys = { encryption: new Uint8Array(16), authentication: new Uint8Array(16) };
  const { telegrams, warnings } = explain(bytes, { ciphers: nodeCiphers, keys });
  expect(telegrams[0]?.checks.tag).toBe("bad");
  expect(telegrams[0]?.readings).toBeUndefined();
  expect(warnings.some((warning) => warning.startsWith("dlms.tag"))).toBe(true);
});

test("a Kaifa list without codes is read by the places of its values", () => {
  const { telegrams } = read(ownFolder, "esp-hdlc_kaifa_ma304h3e.hex");
  expect(telegrams[0]).toMatchObject({
    kind: "dlms-push",
    layout: "kaifa-list-2",
    device: { manufacturer: "Kaifa" },
  });
  expect(readValue(telegrams, "1-0:1.7.0*255")).toBe("948");
  expect(readValue(telegrams, "1-0:71.7.0*255")).toBe("3.119");
  expect(readValue(telegrams, "1-0:32.7.0*255")).toBe("238.5");
});

const apdus: [string, Record<string, unknown>][] = [
  [
    "gb-aarq-none",
    {
      kind: "aarq",
      context: "logical-names",
      userInformation: { dlmsVersion: 6, maxReceivePduLength: 1200 },
    },
  ],
  ["gb-aarq-lls", { kind: "aarq", mechanism: "low", authenticationValue: "3132333435363738" }],
  ["gb-aarq-hls5", { kind: "aarq", mechanism: "high-gmac", authenticationValue: "4B35366956616759" }],
  [
    "gb-aare-ok",
    {
      kind: "aare",
      result: "accepted",
      diagnostic: { code: 0 },
      userInformation: { maxReceivePduLength: 500, vaaName: 7 },
    },
  ],
  [
    "gb-aare-bad-context",
    { result: "rejected-permanent", diagnostic: { code: 2, name: "application-context-name-not-supported" } },
  ],
  [
    "gb-aare-bad-version",
    { result: "rejected-permanent", userInformation: { service: "initiate", error: "dlms-version-too-low" } },
  ],
  [
    "gb-aare-hls5",
    {
      result: "accepted",
      diagnostic: { code: 14, name: "authentication-required" },
      authenticationValue: "503677524A323146",
    },
  ],
  [
    "set-clock",
    {
      kind: "set-request-normal",
      attribute: { classId: 8, obis: "0-0:1.0.0*255", attribute: 2 },
      data: "2021-01-24T14:48:57.800+01:00",
    },
  ],
  [
    "get-range",
    {
      kind: "get-request-normal",
      attribute: { classId: 7, obis: "1-0:99.1.0*255" },
      selection: {
        selector: 1,
        parameters: [[8, "0000010000FF", 2, 0], "2018-06-01T00:03:00+02:00", "2021-01-06T00:03:00+01:00", []],
      },
    },
  ],
  [
    "get-normal",
    {
      kind: "get-request-normal",
      invoke: { id: 1, confirmed: true, highPriority: true },
      attribute: { classId: 1, obis: "0-0:43.1.0*255", attribute: 2 },
    },
  ],
  [
    "get-with-list",
    {
      kind: "get-request-with-list",
      items: [
        { attribute: { classId: 1, obis: "0-0:42.0.0*255", attribute: 2 } },
        { attribute: { classId: 8 } },
      ],
    },
  ],
  ["get-error", { kind: "get-response-normal", result: { ok: false, dataAccessResult: "hardware-fault" } }],
];
test.skipIf(!hasCaptures).each(apdus)("%s is taken apart field by field", (id, fields) => {
  const { telegrams, warnings } = read(captures, `dlms/${id}.hex`);
  expect(telegrams[0]).toMatchObject({ kind: "dlms-apdu", apdu: fields });
  expect(warnings).toEqual([]);
});

const nullData = `01 04 02 04 09 0C 07 E3 0C 1F 02 17 00 00 00 FF C4 00 11 06 06 00 00 05 ED 06 00 00 06 54
  02 04 00 11 06 06 00 00 05 ED 06 00 00 06 54 02 04 00 11 06 06 00 00 05 ED 06 00 00 06 54
  02 04 00 11 06 06 00 00 05 ED 06 00 00 06 54`;

test("profile rows whose stamps were left out count on by the period, where it is told", () => {
  const { telegrams } = explain(hex(nullData), { periodSeconds: 3600 });
  expect(telegrams[0]?.kind).toBe("load-profile");
  expect(telegrams[0]?.profile?.rows).toEqual(
    ["2019-12-31T23:00", "2020-01-01T00:00", "2020-01-01T01:00", "2020-01-01T02:00"].map((time) => ({
      time: `${time}:00+01:00`,
      values: ["6", "1517", "1620"],
    })),
  );
  const untold = explain(hex(nullData));
  expect(untold.telegrams[0]?.profile?.rows[1]).toEqual({ values: ["6", "1517", "1620"] });
  expect(untold.warnings.some((warning) => warning.startsWith("profile.period-unknown"))).toBe(true);
});

test.each(cases)("every cut of $id is explained without an error", ({ folder, case: entry }) => {
  const bytes = hex(readFileSync(join(folder, entry.file), "latin1"));
  for (let length = 0; length < bytes.length; length++) {
    expect(() => explain(bytes.slice(0, length))).not.toThrow();
  }
});
