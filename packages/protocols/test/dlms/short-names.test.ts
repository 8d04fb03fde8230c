import { join } from "node:path";
import {
  type ApduLink,
  attributeShortName,
  countersInMemory,
  type DataValue,
  DeviceAssociation,
  decodeApdu,
  encodeApdu,
  encodeConformance,
  encodeData,
  type GetResult,
  methodShortName,
  type SecuritySettings,
  ShortNameClient,
  type ShortNameObject,
  shortNameConformance,
  textOf,
} from "@energsys/protocols/dlms";
import { HdlcLink } from "@energsys/protocols/hdlc";
import { nodeCiphers } from "@energsys/protocols/node";
import { expect, test } from "vitest";
import { captures, hasCaptures, hex, ManualClock, readSession, replay } from "./support.ts";

test.skipIf(!hasCaptures)(
  "dlms-hdlc-sn-none: the recorded reading by short names is repeated to the byte",
  async () => {
    const steps = readSession(join(captures, "sessions/dlms-hdlc-sn-none.json"));
    const { stream, rest } = replay(steps);
    const link = new HdlcLink(stream, new ManualClock(), {
      client: 16,
      server: 1,
      responseTimeoutMs: 1000,
      informationLengthMax: 128,
    });
    const meter = await ShortNameClient.associate(link, { authentication: { kind: "none" } });
    expect(meter.conformance).toBe(shortNameConformance);
    const objects = await meter.objects();
    expect(objects).toHaveLength(27);
    const at = (base: number) => objects.find((object) => object.base === base) as ShortNameObject;
    const of = (base: number, attribute: number) => ({ ...at(base), attribute });
    // The recorded client asks for scalers by list first, then for all attributes one by one.
    const scalers = await meter.getList([of(0x118, 3), of(0x3a0, 4)]);
    expect(scalers.map((result) => result.ok && result.data.type)).toEqual(["structure", "structure"]);
    const asked = steps.flatMap((step) => {
      if (step.dir !== "to-meter") return [];
      const bytes = hex(step.hex ?? "");
      const at = bytes.length - 8;
      return bytes[11] === 5 && bytes[12] === 1 && bytes[13] === 2
        ? [((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number)]
        : [];
    });
    expect(asked.length).toBeGreaterThan(40);
    for (const name of asked.slice(1)) {
      const [result] = await meter.readNames([{ kind: "name", name }]);
      expect(result?.ok).toBe(true);
    }
    // The recording ends here.
    expect(rest()).toBe(0);
  },
);

test.each([
  [{ base: 0xfa00, classId: 12, version: 1 }, 8, 0xfa58],
  [{ base: 0x1000, classId: 3, version: 0 }, 1, 0x1028],
  [{ base: 0x1000, classId: 7, version: 0 }, 3, 0x1068],
  [{ base: 0x1000, classId: 8, version: 0 }, 6, 0x1088],
  [{ base: 0x1000, classId: 64, version: 0 }, 2, 0x1030],
  [{ base: 0x1000, classId: 64, version: 1 }, 2, 0x1038],
  [{ base: 0xfff8, classId: 70, version: 0 }, 1, 0x0018],
])("method names: %o method %i stands at %i", (object, method, name) => {
  expect(methodShortName({ ...object, obis: "0-0:1.0.0*255" }, method)).toBe(name);
});

test("a class without known offsets is refused, not guessed", () => {
  const object = { base: 0x1000, classId: 9999, version: 0, obis: "0-0:1.0.0*255" as const };
  expect(() => methodShortName(object, 1)).toThrow(expect.objectContaining({ code: "dlms.method-offset" }));
  expect(attributeShortName(object, 3)).toBe(0x1010);
});

// A small device of ours by short names: two objects, long answers in blocks.
const list: ShortNameObject[] = [
  { base: 0xfa00, classId: 12, version: 1, obis: "0-0:40.0.0*255" },
  { base: 0x2000, classId: 1, version: 0, obis: "0-0:96.1.0*255" },
  { base: 0x3000, classId: 70, version: 0, obis: "0-0:96.3.10*255" },
];
const serial: DataValue = {
  type: "octet-string",
  bytes: Uint8Array.from({ length: 300 }, (_, at) => 65 + (at % 26)),
};

class Line implements ApduLink {
  readonly kinds: string[] = [];
  written: DataValue | undefined;
  closed = false;
  readonly device: DeviceAssociation;
  #rest: Uint8Array = new Uint8Array(0);
  #block = 0;
  #body: number[] = [];
  constructor(security?: SecuritySettings, blockLength = 100) {
    const block = () => {
      const raw = this.#rest.subarray(0, blockLength);
      this.#rest = this.#rest.subarray(blockLength);
      this.#block++;
      return { ok: "block" as const, last: this.#rest.length === 0, block: this.#block, raw };
    };
    this.device = new DeviceAssociation(
      {
        naming: "short",
        authentication: security ? { kind: "high", mechanism: 5 } : { kind: "none" },
        ...(security && { security }),
        conformance: encodeConformance([
          "read",
          "write",
          "parameterized-access",
          "multiple-references",
          "block-transfer-with-set",
        ]),
        maxReceivePduLength: 150,
      },
      (request) => {
        this.kinds.push(request.kind);
        if (request.kind === "write-request") {
          const [item] = request.items;
          const [value] = request.values;
          if (item?.kind !== "write-block") {
            this.written = value;
            return { kind: "write-response", results: [{ ok: true }] };
          }
          if (value?.type === "octet-string") this.#body.push(...value.bytes);
          if (!item.last) return { kind: "write-response", results: [{ ok: "block", block: item.block }] };
          const whole = decodeApdu(Uint8Array.from([6, ...this.#body]));
          if (whole.kind === "write-request") this.written = whole.values[0];
          return { kind: "write-response", results: [{ ok: true }] };
        }
        if (request.kind !== "read-request") return undefined;
        if (request.items[0]?.kind === "next-block") return { kind: "read-response", results: [block()] };
        const results = request.items.map((item): GetResult => {
          if (item.kind !== "name") return { ok: false, dataAccessResult: "object-undefined" };
          if (item.name === 0xfa08) return { ok: true, data: listValue };
          if (item.name === 0x2008) return { ok: true, data: serial };
          if (item.name === 0x3020) return { ok: true, data: { type: "null" } };
          return { ok: false, dataAccessResult: "read-write-denied" };
        });
        const body = encodeApdu({ kind: "read-response", results }).subarray(1);
        if (body.length <= blockLength) return { kind: "read-response", results };
        this.#rest = body;
        this.#block = 0;
        return { kind: "read-response", results: [block()] };
      },
    );
  }
  async connect(): Promise<void> {}
  async exchange(apdu: Uint8Array): Promise<Uint8Array> {
    return (await this.device.answer(apdu)) ?? new Uint8Array(0);
  }
  async close(): Promise<void> {
    this.closed = true;
  }
}
const listValue: DataValue = {
  type: "array",
  items: list.map(({ base, classId, version, obis }) => ({
    type: "structure",
    items: [
      { type: "int16", value: (base << 16) >> 16 },
      { type: "uint16", value: classId },
      { type: "uint8", value: version },
      { type: "octet-string", bytes: Uint8Array.from(obis.split(/[-:.*]/), Number) },
    ],
  })),
};

const key = (title: string): SecuritySettings => ({
  encryptionKey: hex("000102030405060708090A0B0C0D0E0F"),
  authenticationKey: hex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"),
  systemTitle: hex(title),
  counters: countersInMemory(1),
  ciphers: nodeCiphers,
});

test.each([
  ["in the clear", undefined, undefined],
  ["ciphered, by GMAC", key("4D4D4D0000BC614E"), key("4D4D4D0000000001")],
])(
  "short names %s: lists, blocks, a method, a long write, what is not there",
  async (_name, device, reader) => {
    const line = new Line(device);
    const meter = await ShortNameClient.associate(line, {
      authentication: reader ? { kind: "high", mechanism: 5 } : { kind: "none" },
      ...(reader && { security: reader }),
      conformance: 0xffffff,
    });
    const id = { classId: 1, obis: "0-0:96.1.0*255", attribute: 2 } as const;
    const results = await meter.getList([id, { ...id, attribute: 1 }, { ...id, obis: "1-0:1.8.0*255" }]);
    expect(results).toEqual([
      { ok: true, data: serial },
      { ok: false, dataAccessResult: "read-write-denied" },
      { ok: false, dataAccessResult: "object-undefined" },
    ]);
    expect(textOf((results[0] as { data: DataValue }).data)).toMatch(/^ABC/);
    const open = { classId: 70, obis: "0-0:96.3.10*255", method: 1 } as const;
    expect(await meter.action(open, { type: "int8", value: 0 })).toEqual({ actionResult: "success" });
    expect(await meter.set(id, serial)).toEqual({ ok: true });
    expect(line.written).toEqual(serial);
    expect(encodeData(serial).length).toBeGreaterThan(150);
    await meter.release();
    expect(line.closed).toBe(true);
  },
);
