import { connect } from "node:net";
import { realClock, TcpLine } from "@energsys/drivers";
import { encodeObis } from "@energsys/protocols";
import { entrySelection, rangeSelection } from "@energsys/protocols/cosem";
import {
  type AttributeReference,
  type DataValue,
  data,
  dateTimeOf,
  decodeApdu,
  encodeApdu,
  encodeConformance,
  type GetResult,
} from "@energsys/protocols/dlms";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CentreLine } from "../src/centre/centre-line.ts";
import { LogicalDevices } from "../src/objects/logical-devices.ts";
import type { ServedConfiguration } from "../src/objects/served-core.ts";
import { type CentreSide, TestCentre } from "./centre.ts";
import { eventBody, HeldCore, profileBody, registersBody } from "./served.ts";

const nowMs = Date.UTC(2026, 10, 26, 12, 0, 0);
const quarterMs = 900_000;
const midnightMs = Date.UTC(2026, 10, 25, 22, 0, 0);

const configuration: ServedConfiguration = {
  inForce: () => '{"identity":"ENC0000000000007"}',
  proposed: () => "",
  propose: (json) => (json.startsWith("{") ? "" : "no JSON"),
  confirmed: () => true,
  confirm: () => true,
  problem: () => "",
};

let core: HeldCore;
let centre: TestCentre;
let line: CentreSide;
let own: CentreLine;

beforeEach(async () => {
  core = new HeldCore(nowMs);
  centre = await TestCentre.listen();
  const next = centre.nextLine();
  const socket = connect({ host: "127.0.0.1", port: centre.port });
  own = new CentreLine(new TcpLine(socket, realClock).stream(), new LogicalDevices(core, configuration), {
    clock: realClock,
    random: Math.random,
    heartbeatMs: 60_000,
    onAccepted: () => {},
    onEnd: () => {},
  });
  line = await next;
});

afterEach(async () => {
  own.close();
  await centre.stop();
});

const at = (classId: number, obis: string, attribute = 2): AttributeReference => ({
  classId,
  obis,
  attribute,
});
const journalBuffer = at(7, "0-128:99.1.0*255");
const numbers = (from: number, to: number) => ({
  selector: 1,
  parameters: data.structure(
    data.structure(data.uint16(1), data.octets(encodeObis("0-128:96.8.0*255")), data.int8(2), data.uint16(0)),
    data.uint32(from),
    data.uint32(to),
    data.array(),
  ),
});

function items(result: GetResult): readonly DataValue[] {
  if (!result.ok || !("items" in result.data)) throw new Error(JSON.stringify(result));
  return result.data.items;
}

const part = (value: DataValue | undefined, index: number): DataValue | undefined =>
  value && "items" in value ? value.items[index] : undefined;
const firstOf = (entry: DataValue) =>
  "items" in entry && "value" in entry.items[0]! ? entry.items[0].value : 0;

test("the journal is read by number: whole entries, those that were asked for, none where there is none", async () => {
  for (let n = 0; n < 5; n++) core.journal.append(nowMs, 16, 2, registersBody(nowMs, 1000 + n));
  const client = await line.associate(16, 1);
  const some = items(await client.get(journalBuffer, numbers(2, 4)));
  expect(some.map(firstOf)).toEqual([2, 3, 4]);
  expect(part(some[0], 4)).toEqual(registersBody(nowMs, 1001));
  expect(items(await client.get(journalBuffer, numbers(6, 0xffff_ffff)))).toEqual([]);
  const byPlace = await client.get(journalBuffer, entrySelection({ fromEntry: 2, toEntry: 3, toColumn: 1 }));
  expect(items(byPlace)).toEqual([data.structure(data.uint32(2)), data.structure(data.uint32(3))]);
});

test("an answer ends at the border of an entry below 512 KiB, and the next request goes on", async () => {
  const values = Array.from({ length: 400 }, (_, n) => n);
  for (let n = 0; n < 1000; n++) core.journal.append(nowMs, 16, 1, profileBody(midnightMs, values));
  const client = await line.associate(16, 1);
  const read: number[] = [];
  let answers = 0;
  for (let from = 1; ; answers++) {
    const found = items(await client.get(journalBuffer, numbers(from, 0xffff_ffff))).map(firstOf) as number[];
    if (found.length === 0) break;
    read.push(...found);
    from = read.at(-1)! + 1;
  }
  expect(answers).toBeGreaterThan(1);
  expect(read).toEqual(Array.from({ length: 1000 }, (_, n) => n + 1));
});

test("an entry that is longer than an answer comes alone", async () => {
  const body = data.octets(new Uint8Array(600 * 1024));
  core.journal.append(nowMs, 1, 5, body);
  core.journal.append(nowMs, 1, 5, body);
  const client = await line.associate(16, 1);
  expect(items(await client.get(journalBuffer, numbers(1, 2)))).toHaveLength(1);
});

test("small APDUs: the journal comes in blocks of GET, and in general blocks where these alone are agreed", async () => {
  for (let n = 0; n < 20; n++) core.journal.append(nowMs, 16, 2, registersBody(nowMs, n));
  const inBlocks = await line.associate(16, 1, { maxReceivePduLength: 200 });
  expect(items(await inBlocks.get(journalBuffer, numbers(1, 20)))).toHaveLength(20);
  const proposed = encodeConformance(["get", "selective-access", "general-block-transfer"]);
  const initiate = encodeApdu({
    kind: "aarq",
    context: "logical-names",
    userInformation: {
      kind: "initiate-request",
      responseAllowed: true,
      dlmsVersion: 6,
      conformance: proposed,
      maxReceivePduLength: 200,
    },
  });
  await line.exchange(2, 1, initiate);
  const request = encodeApdu({
    kind: "get-request-normal",
    invoke: { id: 1, confirmed: true, highPriority: true },
    attribute: journalBuffer,
    selection: numbers(1, 20),
  });
  const first = decodeApdu(await line.exchange(2, 1, request));
  expect(first).toMatchObject({ kind: "general-block-transfer", block: 1, last: false });
});

test("only the management client changes: taken is set, set back, and never beyond the newest", async () => {
  core.journal.append(nowMs, 1, 3, eventBody(nowMs, 1));
  core.journal.append(nowMs, 1, 3, eventBody(nowMs, 2));
  const taken = at(1, "0-128:96.9.0*255");
  const reading = await line.associate(16, 1);
  const management = await line.associate(1, 1);
  expect(await reading.set(taken, data.uint32(1))).toMatchObject({ ok: false });
  expect(await management.set(taken, data.uint32(2))).toMatchObject({ ok: true });
  expect(await reading.get(taken)).toEqual({ ok: true, data: data.uint32(2) });
  expect(await management.set(taken, data.uint32(3))).toMatchObject({ dataAccessResult: "other-reason" });
  expect(await management.set(taken, data.uint32(1))).toMatchObject({ ok: true });
  expect(core.journal.taken).toBe(1);
});

test("logical device 1 has every object of the agreement, and its list says so", async () => {
  const client = await line.associate(16, 1);
  const listed = items(await client.get(at(15, "0-0:40.0.0*255"))).map((element) => {
    return { classId: part(element, 0), name: part(element, 2) };
  });
  expect(listed).toHaveLength(16);
  for (const { classId, name } of listed) {
    const obis = name?.type === "octet-string" ? [...name.bytes] : [];
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = obis;
    const code = `${a}-${b}:${c}.${d}.${e}*${f}`;
    const result = await client.get(at(Number((classId as { value: number }).value), code));
    expect(result, code).toMatchObject({ ok: true });
  }
  expect(items(await client.get(at(17, "0-0:41.0.0*255")))).toHaveLength(4);
});

test("scripts run by their number, and only for the management client", async () => {
  const script = { classId: 9, obis: "0-0:10.0.128*255", method: 1 };
  const management = await line.associate(1, 1);
  for (const number of [1, 2, 3])
    expect(await management.action(script, data.uint16(number))).toMatchObject({ actionResult: "success" });
  expect(core.ran).toEqual(["scan", "read", "clocks"]);
  expect(await management.action(script, data.uint16(4))).toMatchObject({ actionResult: "other-reason" });
  const reading = await line.associate(16, 1);
  expect(await reading.action(script, data.uint16(1))).toMatchObject({ actionResult: "read-write-denied" });
});

test("a load profile is made of the journal: an interval that came again counts as it came last, a missing one is empty", async () => {
  core.journal.append(nowMs, 16, 1, profileBody(midnightMs, [10, 20, 0, 40], [[2, 1, 1]]));
  core.journal.append(nowMs, 16, 1, profileBody(midnightMs + quarterMs, [25]));
  const client = await line.associate(16, 16);
  const rows = items(await client.get(at(7, "1-0:99.1.0*255")));
  const value = (row: DataValue | undefined) => part(row, 2);
  expect(rows.map(value)).toEqual([data.uint32(10), data.uint32(25), data.null, data.uint32(40)]);
  const range = rangeSelection({
    from: dateTimeOf(midnightMs + 2 * quarterMs, 120),
    to: dateTimeOf(midnightMs + 2 * quarterMs, 120),
  });
  const one = items(await client.get(at(7, "1-0:99.1.0*255"), range));
  expect(one.map(value)).toEqual([data.uint32(25)]);
  const byEntry = items(
    await client.get(at(7, "1-0:99.1.0*255"), entrySelection({ fromEntry: 4, toEntry: 0 })),
  );
  expect(byEntry.map(value)).toEqual([data.uint32(40)]);
  const scaler = await client.get(at(3, "1-0:1.29.0*255", 3));
  expect(scaler).toEqual({ ok: true, data: data.structure(data.int8(0), data.enum(30)) });
});

test("the event log by range: of the seconds asked, whole, in any deviation, and the columns asked; by entry too", async () => {
  for (const [ms, code] of [
    [-1000, 1],
    [450, 2],
    [60_450, 3],
    [61_000, 4],
  ] as const)
    core.journal.append(nowMs + ms, 1, 3, eventBody(nowMs + ms, code, `d${code}`));
  const client = await line.associate(16, 1);
  const log = at(7, "0-0:99.98.0*255");
  const codes = (rows: readonly DataValue[]) => rows.map((row) => part(row, 1));
  for (const minutes of [0, 120, -300]) {
    const range = { from: dateTimeOf(nowMs, minutes), to: dateTimeOf(nowMs + 60_000, minutes) };
    expect(codes(items(await client.get(log, rangeSelection(range))))).toEqual([
      data.uint16(2),
      data.uint16(3),
    ]);
  }
  const second = { from: dateTimeOf(nowMs, 120), to: dateTimeOf(nowMs, 120) };
  const [event, ...others] = items(await client.get(log, rangeSelection(second)));
  expect(others).toEqual([]);
  expect(part(event, 1)).toEqual(data.uint16(2));
  // As other houses write it: hundredths and deviation not specified, of local time.
  const { hundredths: _, deviationMinutes: __, ...bare } = dateTimeOf(nowMs, 120);
  expect(items(await client.get(log, rangeSelection({ from: bare, to: bare })))).toEqual([event]);
  const code = { classId: 1, obis: "0-0:96.11.0*255", attribute: 2, dataIndex: 0 };
  expect(items(await client.get(log, rangeSelection({ ...second, columns: [code] })))).toEqual([
    data.structure(data.uint16(2)),
  ]);
  const other = { ...code, obis: "1-0:1.8.0*255" };
  expect(await client.get(log, rangeSelection({ ...second, columns: [other] }))).toMatchObject({ ok: false });
  const entries = entrySelection({ fromEntry: 2, toEntry: 3, fromColumn: 2, toColumn: 2 });
  expect(items(await client.get(log, entries))).toEqual([
    data.structure(data.uint16(2)),
    data.structure(data.uint16(3)),
  ]);
});

test("a register is answered from the store, and by client 2 from the meter, in the same scaler", async () => {
  core.journal.append(nowMs, 17, 2, registersBody(nowMs, 33_402));
  const register = at(3, "1-0:1.8.0*255");
  const store = await line.associate(16, 17);
  const through = await line.associate(2, 17);
  expect(await store.get(register)).toEqual({ ok: true, data: data.uint32(33_402) });
  expect(await through.get(register)).toEqual({ ok: false, dataAccessResult: "temporary-failure" });
  core.through = { ok: true, register: { value: 34n, scaler: 3, unit: 30 } };
  expect(await through.get(register)).toEqual({ ok: true, data: data.uint32(34_000) });
});

test("disconnect control: success only when the output was seen, an order that waits is a temporary failure", async () => {
  const method = (number: number) => ({ classId: 70, obis: "0-0:96.3.10*255", method: number });
  const management = await line.associate(1, 17);
  expect(await management.action(method(1), data.int8(0))).toMatchObject({ actionResult: "success" });
  expect(await management.get(at(70, "0-0:96.3.10*255"))).toEqual({ ok: true, data: data.boolean(false) });
  core.outcome = "waiting";
  expect(await management.action(method(2), data.int8(0))).toMatchObject({
    actionResult: "temporary-failure",
  });
  const reading = await line.associate(16, 17);
  expect(await reading.action(method(2), data.int8(0))).toMatchObject({ actionResult: "read-write-denied" });
  expect(core.orders).toEqual(["disconnect 17", "reconnect 17"]);
  const without = await line.associate(1, 16);
  expect(await without.action(method(1))).toMatchObject({ actionResult: "object-undefined" });
});

test("behind the gateway prefix an APDU goes to the meter as it is, and its answer comes back", async () => {
  const inner = Uint8Array.of(0xc0, 1, 0xc1, 0);
  const request = encodeApdu({
    kind: "gateway-request",
    networkId: 0,
    address: Uint8Array.of(0, 17),
    apdu: inner,
  });
  const answer = decodeApdu(await line.exchange(1, 1, request));
  expect(answer).toMatchObject({ kind: "gateway-response", networkId: 0, address: Uint8Array.of(0, 17) });
  expect(core.passed[0]).toMatchObject({ logicalDevice: 17, client: 1 });
  const nobody = encodeApdu({
    kind: "gateway-request",
    networkId: 0,
    address: Uint8Array.of(0x0f, 0xff),
    apdu: inner,
  });
  expect(decodeApdu(await line.exchange(1, 1, nobody))).toMatchObject({ kind: "exception-response" });
});

test("several associations stand at the same time; an unknown client and an unknown device get none", async () => {
  const open = await Promise.all([16, 17, 18].map((device) => line.associate(16, device)));
  for (const client of open.toReversed())
    expect(await client.get(at(1, "0-0:42.0.0*255"))).toMatchObject({ ok: true });
  await expect(line.associate(99, 1)).rejects.toThrow();
  await expect(line.associate(16, 4000)).rejects.toThrow();
});
