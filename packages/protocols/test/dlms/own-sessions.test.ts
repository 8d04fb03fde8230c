import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ClockColumn,
  decodeCaptureObjects,
  decodeObjectList,
  decodeProfileBuffer,
  rangeSelection,
  type ValueColumn,
} from "@energsys/protocols/cosem";
import { explain } from "@energsys/protocols/decode";
import {
  type AttributeReference,
  type Authentication,
  DlmsClient,
  dateTimeOf,
  type GetResult,
  integerOf,
  textOf,
} from "@energsys/protocols/dlms";
import { HdlcLink } from "@energsys/protocols/hdlc";
import { WrapperLink } from "@energsys/protocols/wrapper";
import { expect, test } from "vitest";
import { ManualClock, replay, type SessionStep } from "./support.ts";

// Recorded between this reader and the virtual meter of packages/simulator: what a clone alone can try.

interface Recording {
  readonly expect: {
    readonly objects: number;
    readonly rows: number;
    readonly first: string;
    readonly sums: number[];
    readonly refused?: string;
  };
  readonly steps: SessionStep[];
}

const folder = join(import.meta.dirname, "../fixtures/dlms");
const open = (name: string): Recording => JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
const of = (classId: number, obis: string, attribute: number): AttributeReference => ({
  classId,
  obis,
  attribute,
});
const dataOf = (result: GetResult | undefined) => {
  if (!result?.ok) throw new Error("no value");
  return result.data;
};

function associate(name: string, recording: Recording, authentication: Authentication) {
  const { stream, rest } = replay(recording.steps);
  const clock = new ManualClock();
  const link = name.includes("hdlc")
    ? new HdlcLink(stream, clock, {
        client: 16,
        server: 1,
        responseTimeoutMs: 1000,
        informationLengthMax: 128,
      })
    : new WrapperLink(stream, clock, { client: 17, server: 1, responseTimeoutMs: 1000 });
  return { meter: DlmsClient.associate(link, { authentication }), rest };
}

test.each([
  ["own-wrapper-low", { kind: "low", password: "54509873" }],
  ["own-hdlc-none", { kind: "none" }],
] as const)("%s: objects, values by list and a range of the load profile", async (name, authentication) => {
  const recording = open(name);
  const { meter: opening, rest } = associate(name, recording, authentication);
  const meter = await opening;
  const objects = decodeObjectList(dataOf(await meter.get(of(15, "0-0:40.0.0*255", 2))));
  expect(objects).toHaveLength(recording.expect.objects);

  const [device, , energy] = await meter.getList([
    of(1, "0-0:42.0.0*255", 2),
    of(8, "0-0:1.0.0*255", 2),
    of(3, "1-0:1.8.0*255", 2),
    of(3, "1-0:1.8.0*255", 3),
  ]);
  expect(textOf(dataOf(device))).toMatch(/^ENS\d{13}$/);
  expect(integerOf(dataOf(energy))).toBeGreaterThan(0n);

  const [list, period] = await meter.getList([of(7, "1-0:99.1.0*255", 3), of(7, "1-0:99.1.0*255", 4)]);
  const columns = decodeCaptureObjects(dataOf(list));
  const from = Date.parse(recording.expect.first);
  const selection = rangeSelection({
    from: dateTimeOf(from, 120),
    to: dateTimeOf(from + 6 * 3_600_000, 120),
  });
  const raw = await meter.getRaw(of(7, "1-0:99.1.0*255", 2), selection);
  const profile = decodeProfileBuffer(raw.ok ? raw.bytes : new Uint8Array(0), {
    columns,
    periodSeconds: Number(integerOf(dataOf(period))),
  });
  expect(profile.rows).toBe(recording.expect.rows);
  const times = [...(profile.columns[0] as ClockColumn).times];
  expect(times).toEqual(times.map((_, row) => from + row * 900_000));
  const sums = profile.columns
    .slice(1)
    .map((column) => (column as ValueColumn).values.reduce((sum, value) => sum + value, 0));
  expect(sums).toEqual(recording.expect.sums);
  await meter.release();
  expect(rest()).toBe(0);
});

test("own-low-wrong-password: the meter says that the authentication failed", async () => {
  const recording = open("own-low-wrong-password");
  const { meter } = associate("own-wrapper", recording, { kind: "low", password: "00000000" });
  await expect(meter).rejects.toMatchObject({
    code: "association.unproven",
    diagnostic: recording.expect.refused,
  });
});

test.each(["own-wrapper-low", "own-hdlc-none"])(
  "%s is explained with its readings and its profile",
  (name) => {
    const recording = open(name);
    const { telegrams, warnings } = explain(readFileSync(join(folder, `${name}.json`)));
    expect(warnings).toEqual([]);
    const [session, profile] = telegrams;
    expect(session?.kind).toBe("dlms-session");
    const energy = session?.readings?.find((reading) => reading.address === "3/1-0:1.8.0*255/2");
    expect(energy).toMatchObject({ unit: "Wh", scaler: 0 });
    expect(profile?.kind).toBe("load-profile");
    expect(profile?.profile).toMatchObject({ obis: "1-0:99.1.0*255", periodSeconds: 900 });
    const rows = profile?.profile?.rows ?? [];
    expect(rows).toHaveLength(recording.expect.rows);
    expect(new Date(rows[0]?.time ?? "").toISOString()).toBe(recording.expect.first);
    const sums = rows.map((row) => Number(row.values[0])).reduce((sum, value) => sum + value, 0);
    expect(sums).toBe(recording.expect.sums[1]);
  },
);
