import {
  type ApduLink,
  type ConformanceName,
  countersInMemory,
  type DataValue,
  DeviceAssociation,
  type DeviceObjects,
  DlmsClient,
  decodeApdu,
  encodeConformance,
  type SecuritySettings,
  serveObjects,
} from "@energsys/protocols/dlms";
import { nodeCiphers } from "@energsys/protocols/node";
import { expect, test } from "vitest";
import { hex } from "./support.ts";

// Reader and device of ours against each other.

const services: ConformanceName[] = [
  "get",
  "set",
  "action",
  "access",
  "selective-access",
  "multiple-references",
  "block-transfer-with-get",
  "block-transfer-with-set",
  "block-transfer-with-action",
];
const octets = (length: number): DataValue => ({
  type: "octet-string",
  bytes: Uint8Array.from({ length }, (_, at) => at * 7),
});

/** A device that keeps what is written to it, echoes what a method gets, and refuses object 0-0:96.1.9*255. */
class Echo implements DeviceObjects {
  readonly kept = new Map<string, DataValue>();
  get({ attribute }: Parameters<DeviceObjects["get"]>[0]) {
    const data = this.kept.get(`${attribute.obis}/${attribute.attribute}`);
    return data ? { ok: true as const, data } : { ok: false as const, dataAccessResult: "object-undefined" };
  }
  set({ attribute }: Parameters<DeviceObjects["set"]>[0], value: DataValue) {
    if (attribute.obis === "0-0:96.1.9*255") return "read-write-denied";
    this.kept.set(`${attribute.obis}/${attribute.attribute}`, value);
    return "success";
  }
  action(method: Parameters<DeviceObjects["action"]>[0], parameters: DataValue | undefined) {
    if (method.method === 9) return { actionResult: "object-undefined" };
    if (!parameters) return { actionResult: "success" };
    return { actionResult: "success", result: { ok: true as const, data: parameters } };
  }
}

class Line implements ApduLink {
  readonly objects = new Echo();
  readonly sent: string[] = [];
  longest = 0;
  closed = false;
  readonly device: DeviceAssociation;
  readonly #pduLength: number;
  readonly #clear: boolean;
  constructor(pduLength: number, offered = services, security?: SecuritySettings) {
    this.#pduLength = pduLength;
    this.#clear = !security;
    this.device = new DeviceAssociation(
      {
        authentication: security ? { kind: "high", mechanism: 5 } : { kind: "none" },
        ...(security && { security }),
        conformance: encodeConformance(offered),
        maxReceivePduLength: pduLength,
      },
      serveObjects(this.objects),
    );
  }
  async connect(): Promise<void> {}
  async exchange(apdu: Uint8Array): Promise<Uint8Array> {
    if (this.#clear) this.sent.push(decodeApdu(apdu).kind);
    const answer = (await this.device.answer(apdu)) ?? new Uint8Array(0);
    if (this.device.state === "associated") {
      this.longest = Math.max(this.longest, apdu.length, answer.length);
      expect(apdu.length).toBeLessThanOrEqual(this.#pduLength);
    }
    return answer;
  }
  async close(): Promise<void> {
    this.closed = true;
  }
}

const associate = (line: Line, pduLength: number, security?: SecuritySettings) =>
  DlmsClient.associate(line, {
    authentication: security ? { kind: "high", mechanism: 5 } : { kind: "none" },
    ...(security && { security }),
    conformance: encodeConformance(services),
    maxReceivePduLength: pduLength,
  });
const at = (index: number) => ({ classId: 1, obis: `0-0:96.1.${index}*255`, attribute: 2 }) as const;
const method = (number: number) => ({ classId: 18, obis: "0-0:44.0.0*255", method: number }) as const;
const security = (title: string, counters = 1): SecuritySettings => ({
  encryptionKey: hex("000102030405060708090A0B0C0D0E0F"),
  authenticationKey: hex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"),
  systemTitle: hex(title),
  counters: countersInMemory(counters),
  ciphers: nodeCiphers,
});

test.each([
  [60, 30],
  [128, 118],
  [128, 1000],
  [1024, 5000],
  [0xffff, 5000],
])("PDU %i: %i bytes are written, read back and echoed by a method", async (pdu, length) => {
  const line = new Line(pdu);
  const meter = await associate(line, pdu);
  expect(await meter.set(at(1), octets(length))).toEqual({ ok: true });
  expect(line.objects.kept.get("0-0:96.1.1*255/2")).toEqual(octets(length));
  expect(await meter.get(at(1))).toEqual({ ok: true, data: octets(length) });
  expect(await meter.action(method(2), octets(length))).toEqual({
    actionResult: "success",
    result: { ok: true, data: octets(length) },
  });
  expect(line.longest).toBeLessThanOrEqual(pdu);
  expect(line.sent.includes("set-request-first-block")).toBe(length + 20 > pdu);
});

test.each([60, 200, 2000])("PDU %i: lists, short and in blocks", async (pdu) => {
  const line = new Line(pdu);
  const meter = await associate(line, pdu);
  const writes = [1, 9, 3].map((index) => ({ attribute: at(index), value: octets(40 * index) }));
  expect(await meter.setList(writes)).toEqual([
    { ok: true },
    { ok: false, dataAccessResult: "read-write-denied" },
    { ok: true },
  ]);
  const calls = [
    { method: method(1), parameters: octets(150) },
    { method: method(9) },
    { method: method(3) },
  ];
  expect(await meter.actionList(calls)).toEqual([
    { actionResult: "success", result: { ok: true, data: octets(150) } },
    { actionResult: "object-undefined" },
    { actionResult: "success" },
  ]);
  expect(await meter.getList([at(1), at(2), at(3)])).toEqual([
    { ok: true, data: octets(40) },
    { ok: false, dataAccessResult: "object-undefined" },
    { ok: true, data: octets(120) },
  ]);
});

test("without lists each is asked alone, and what is not negotiated is not sent", async () => {
  const line = new Line(200, ["get", "set"]);
  const meter = await associate(line, 200);
  expect(await meter.setList([1, 2].map((index) => ({ attribute: at(index), value: octets(3) })))).toEqual([
    { ok: true },
    { ok: true },
  ]);
  expect(line.sent).toEqual(["aarq", "set-request-normal", "set-request-normal"]);
  for (const call of [
    () => meter.action(method(1)),
    () => meter.set(at(1), octets(500)),
    () => meter.access([]),
  ]) {
    await expect(call()).rejects.toMatchObject({ code: "dlms.not-negotiated" });
  }
});

test("ACCESS does all three services in one request, each with its own result", async () => {
  const line = new Line(500);
  const meter = await associate(line, 500);
  const results = await meter.access([
    { specification: { service: "set", attribute: at(1) }, value: octets(3) },
    { specification: { service: "get", attribute: at(1) } },
    { specification: { service: "get", attribute: at(2) } },
    { specification: { service: "set", attribute: at(9) }, value: octets(3) },
    { specification: { service: "action", method: method(1) }, value: octets(2) },
    { specification: { service: "action", method: method(9) } },
  ]);
  expect(results.map(({ service, result }) => `${service} ${result}`)).toEqual([
    "set success",
    "get success",
    "get object-undefined",
    "set read-write-denied",
    "action success",
    "action object-undefined",
  ]);
  expect(results[1]?.value).toEqual(octets(3));
  expect(results[4]?.value).toEqual(octets(2));
});

test("ciphered, long values fit the PDU with all that protects them", async () => {
  const line = new Line(128, services, security("4D4D4D0000BC614E"));
  const meter = await associate(line, 128, security("4D4D4D0000000001"));
  expect(await meter.set(at(1), octets(900))).toEqual({ ok: true });
  expect(await meter.get(at(1))).toEqual({ ok: true, data: octets(900) });
  expect((await meter.action(method(1), octets(400))).result).toEqual({ ok: true, data: octets(400) });
  expect(await meter.access([{ specification: { service: "get", attribute: at(2) } }])).toMatchObject([
    { result: "object-undefined" },
  ]);
  expect(line.longest).toBeLessThanOrEqual(128);
});

test.each([
  ["a block that was left out", "C1 03 C1 00 00000003 01 00", "long-set-aborted"],
  ["a block of nothing", "C1 03 C1 01 00000002 00", "type-unmatched"],
])("the device refuses %s and forgets the rest", async (_name, block, result) => {
  const line = new Line(500);
  await associate(line, 500);
  await line.exchange(hex("C1 02 C1 0001 0000600101FF 02 00 00 00000001 02 09 05"));
  const answer = async (text: string) => decodeApdu(await line.exchange(hex(text)));
  expect(await answer(block)).toMatchObject({ kind: "set-response-normal", dataAccessResult: result });
  expect(await answer(block)).toMatchObject({ dataAccessResult: "no-long-set-in-progress" });
  expect(await answer("C0 02 C1 00000001")).toMatchObject({ dataAccessResult: "no-long-get-in-progress" });
  expect(await answer("C3 02 C1 00000001")).toMatchObject({ actionResult: "no-long-action-in-progress" });
  expect(line.objects.kept.size).toBe(0);
});
