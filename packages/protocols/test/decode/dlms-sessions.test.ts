import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Explanation, explain, type Reading, type SessionStep } from "@energsys/protocols/decode";
import { nodeCiphers } from "@energsys/protocols/node";
import { expect, test } from "vitest";
import { captures, hasCaptures, hex, readSession } from "../dlms/support.ts";

const file = (session: string): string => join(captures, "sessions", `${session}.json`);
const read = (session: string): Explanation => explain(readFileSync(file(session)));
const readings = (explanation: Explanation): (Reading & { name?: string })[] => [
  ...(explanation.telegrams[0]?.readings ?? []),
];

/** A value as the recorded client prints it: dotted codes, American dates. */
function asPrinted(value: string): string {
  const code = /^(\d+)-(\d+):(\d+)\.(\d+)\.(\d+)\*(\d+)$/.exec(value);
  if (code) return code.slice(1).join(".");
  const stamp = /^20(\d\d)-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)/.exec(value);
  return stamp ? `${stamp[2]}/${stamp[3]}/${stamp[1]} ${stamp[4]}` : value;
}

const plain = ["dlms-hdlc-ln-none", "dlms-hdlc-ln-low", "dlms-wrap-ln-none", "dlms-modee"];
test.skipIf(!hasCaptures).each(plain)(
  "%s: each value that the client printed is among the readings",
  (session) => {
    const explanation = read(session);
    const found = readings(explanation);
    const printed = readSession(file(session)).flatMap((step) => (step.decoded ? [step.decoded] : []));
    expect(printed.length).toBeGreaterThan(4);
    // The object list was read first and not printed.
    const values = found.slice(found.length - printed.length);
    printed.forEach(({ attribute, value }, index) => {
      const reading = values[index];
      expect(reading?.address?.split("/").at(-1)).toBe(`${attribute}`);
      if (value !== null) expect(asPrinted(reading?.value ?? "")).toBe(value);
    });
    expect(explanation.telegrams[0]).toMatchObject({
      kind: "dlms-session",
      checks: session.includes("wrap") ? {} : { fcs: "good" },
    });
  },
);

test.skipIf(!hasCaptures)(
  "short names: every printed value is found under the object that the list names",
  () => {
    const found = readings(read("dlms-hdlc-sn-none"));
    const printed = readSession(file("dlms-hdlc-sn-none")).flatMap((step) =>
      step.decoded ? [step.decoded] : [],
    );
    expect(printed.length).toBeGreaterThan(30);
    let at = 0;
    let same = 0;
    for (const { attribute, value } of printed) {
      if (value === null) continue;
      const next = found.findIndex(
        (reading, index) =>
          index >= at && reading.address?.endsWith(`/${attribute}`) && asPrinted(reading.value) === value,
      );
      // Lists, wildcard dates and booleans are printed in a way of that program's own.
      const ownWay = /,|^\d\d\/\d\d \d|^(True|False)$|^0\.0\.0\.0\.0\.0$|^www|^-/.test(value);
      if (ownWay) continue;
      expect([attribute, value, next]).not.toEqual([attribute, value, -1]);
      at = next + 1;
      same++;
    }
    expect(same).toBeGreaterThan(25);
    expect(found.some((reading) => reading.obis === "0-0:42.0.0*255" && reading.value === "GRX123456")).toBe(
      true,
    );
  },
);

test.skipIf(!hasCaptures)("the sign-on that hands over to HDLC is told in words", () => {
  const frames = read("dlms-modee").telegrams[0]?.frames?.slice(0, 4) ?? [];
  expect(frames.map((frame) => frame.from)).toEqual(["reader", "meter", "reader", "meter"]);
  expect(frames[0]?.explains).toBe("mode E: sign-on to whoever is there");
  expect(frames[2]?.explains).toContain("mode E: option select: protocol 2");
});

test.skipIf(!hasCaptures)("a refused association says why in words", () => {
  const { telegrams } = read("dlms-low-wrongpw");
  expect(telegrams[0]?.frames?.map((frame) => `${frame.from}: ${frame.explains}`)).toEqual([
    "reader: SNRM, 17 to 1: set up the link",
    "meter: UA, 1 to 17: agreed, information up to 128 sent and 128 taken",
    expect.stringContaining("AARQ: logical-names, low security"),
    expect.stringContaining("AARE: rejected-permanent (authentication-failure)"),
    "reader: DISC, 17 to 1: close the link",
    expect.stringContaining("meter: UA"),
  ]);
});

test.skipIf(!hasCaptures).each(["dlms-hdlc-ln-gmac", "dlms-wrap-ln-gmac", "dlms-gmac-badkey"])(
  "%s: ciphered parts are named, with one warning that no key was given",
  (session) => {
    const { telegrams, warnings } = read(session);
    expect(telegrams[0]?.frames?.some((frame) => frame.explains.includes("suite 0"))).toBe(
      session !== "dlms-gmac-badkey",
    );
    expect(warnings.filter((warning) => warning.startsWith("dlms.no-key")).length).toBe(
      session === "dlms-gmac-badkey" ? 0 : 1,
    );
  },
);

const keys = {
  encryption: hex("000102030405060708090A0B0C0D0E0F"),
  authentication: hex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"),
};
test.skipIf(!hasCaptures).each(["dlms-wrap-ln-gmac", "dlms-hdlc-ln-gmac"])(
  "%s: with its keys each value that the client printed is among the readings",
  (session) => {
    const { telegrams, warnings } = explain(readFileSync(file(session)), { ciphers: nodeCiphers, keys });
    expect(warnings.filter((warning) => !warning.startsWith("apdu.trailing"))).toEqual([]);
    const found = [...(telegrams[0]?.readings ?? [])];
    const printed = readSession(file(session)).flatMap((step) => (step.decoded ? [step.decoded] : []));
    expect(printed.length).toBeGreaterThan(4);
    const values = found.slice(found.length - printed.length);
    printed.forEach(({ value }, index) => {
      if (value !== null) expect(asPrinted(values[index]?.value ?? "")).toBe(value);
    });
    expect(
      telegrams[0]?.frames?.some((frame) => frame.explains.includes("ACTION request: association-ln")),
    ).toBe(true);
  },
);

test.skipIf(!hasCaptures).each(["dlms-hdlc-ln-none", "dlms-hdlc-sn-none"])(
  "a plain dump of %s gives the same readings as the session with its directions",
  (session) => {
    const bytes = readSession(file(session)).map((step) => hex(step.hex ?? ""));
    const dump = explain(new Uint8Array(bytes.flatMap((part) => [...part])));
    expect(readings(dump)).toEqual(readings(read(session)));
    expect(dump.telegrams[0]?.frames?.map(({ from }) => from)).toEqual(
      read(session).telegrams[0]?.frames?.map(({ from }) => from),
    );
  },
);

test.skipIf(!hasCaptures).each(["dlms-hdlc-ln-none", "dlms-wrap-ln-none"])(
  "the steps of %s may be cut anywhere",
  (session) => {
    const steps = readSession(file(session)).flatMap((step): SessionStep[] => {
      if (step.dir === undefined) return [];
      const from = step.dir === "to-meter" ? "reader" : "meter";
      const bytes = hex(step.hex ?? "");
      const cut = Math.floor(bytes.length / 3);
      return [
        { from, bytes: bytes.slice(0, cut) },
        { from, bytes: bytes.slice(cut) },
      ];
    });
    const document = {
      steps: steps.map(({ from, bytes }) => ({
        dir: from === "reader" ? "to-meter" : "from-meter",
        hex: Buffer.from(bytes).toString("hex"),
      })),
    };
    const cut = explain(new TextEncoder().encode(JSON.stringify(document)));
    expect(readings(cut)).toEqual(readings(read(session)));
  },
);
