import { setImmediate } from "node:timers/promises";
import { decodeApdu, decodeData } from "@energsys/protocols/dlms";
import { describe, expect, test } from "vitest";
import { MeterServer } from "../src/dlms/meter-server.ts";
import { lineClock } from "../src/links/line-clock.ts";
import { openLine } from "../src/links/meter-line.ts";
import {
  bytesOf,
  calendar,
  deviceOf,
  hexOf,
  type MeterChanges,
  meterOf,
  nowMs,
  slotMs,
  surroundings,
} from "./support.ts";

// Requests as the standards and other clients write them, never made by our own reader.
const aarqNone = "601DA109060760857405080101BE10040E01000000065F1F0400007E1F04B0";
const aarqLow =
  "6036A1090607608574050801018A0207808B0760857405080201AC0A80083132333435363738BE10040E01000000065F1F0400007E1F04B0";
const getClock = "C001C100080000010000FF0200";

function device(changes: MeterChanges = {}, now?: () => number) {
  const meter = meterOf("dlms-wrapper", changes, surroundings(), now);
  const server = new MeterServer(deviceOf(meter));
  const ask = async (hex: string, client = 16) =>
    hexOf((await server.answer(bytesOf(hex), client)) ?? new Uint8Array(0));
  return { meter, server, ask };
}

describe("association", () => {
  test("without security is accepted with logical names and the common services", async () => {
    const { ask } = device();
    const answer = await ask(aarqNone);
    expect(answer).toMatch(/^6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f0400/);
    // Of 00 7E 1F all but attribute 0 with GET and the notifications.
    const aare = decodeApdu(bytesOf(answer));
    const response = aare.kind === "aare" ? aare.userInformation : undefined;
    expect(response).toMatchObject({
      kind: "initiate-response",
      dlmsVersion: 6,
      vaaName: 7,
      conformance: 0x005e1d,
    });
  });

  test("with the right password is accepted, with a wrong one refused with diagnostic 13", async () => {
    const { ask } = device({ password: "12345678" });
    expect(await ask(aarqLow, 17)).toContain("a203020100a305a103020100");
    expect(await ask(aarqLow.replace("3132333435363738", "3132333435363739"), 17)).toContain(
      "a203020101a305a10302010d",
    );
    expect(await ask(getClock, 17)).toBe("d80101");
  });

  test.each([
    ["short names", aarqNone.replace("857405080101", "857405080102"), "a305a103020102"],
    ["high security", aarqLow.replace("857405080201", "857405080205"), "a305a10302010b"],
    ["DLMS version 5", aarqNone.replace("00000006", "00000005"), "0e010601"],
    ["no common service", aarqNone.replace("00007E1F", "00000000"), "0e010602"],
    ["a PDU of 8 bytes", aarqNone.replace("04B0", "0008"), "0e010603"],
  ])("with %s is refused and says why", async (_, aarq, expected) => {
    const { ask } = device({ password: "12345678" });
    const answer = await ask(aarq);
    expect(answer).toContain("a203020101");
    expect(answer).toContain(expected);
  });

  test("is needed before anything is read, and over after release", async () => {
    const { ask } = device();
    expect(await ask(getClock)).toBe("d80101");
    await ask(aarqNone);
    expect(await ask(getClock)).toMatch(/^c401c100090c/);
    expect(await ask("6203800100")).toBe("6303800100");
    expect(await ask(getClock)).toBe("d80101");
  });

  test("is held by one client at a time", async () => {
    const { ask } = device();
    await ask(aarqNone, 16);
    expect(await ask(getClock, 32)).toBe("d80101");
    expect(await ask(getClock, 16)).toMatch(/^c401c100/);
  });

  test("of the public client shows only names and clock on a meter with a password", async () => {
    const { ask } = device({ password: "12345678" });
    await ask(aarqNone, 16);
    expect(await ask("C001C1000100002A0000FF0200")).toBe(
      `c401c1000910${Buffer.from("ENS0000070100042").toString("hex")}`,
    );
    expect(await ask(getClock)).toMatch(/^c401c100/);
    expect(await ask("C001C100030100010800FF0200")).toBe("c401c10104");
  });
});

describe("GET", () => {
  test("of the clock gives local time with its deviation: winter, summer, and standard time all the year", async () => {
    const winter = device();
    await winter.ask(aarqNone);
    // 10 November 2026, Tuesday, 12:07:30 = UTC+2.
    expect(await winter.ask(getClock)).toBe("c401c100090c07ea0b0a020c071e00ff8800");
    const july = () => Date.UTC(2026, 6, 1, 9, 0, 5);
    const summer = device({}, july);
    await summer.ask(aarqNone);
    expect(await summer.ask(getClock)).toBe("c401c100090c07ea0701030c000500ff4c80");
    const standard = device({ followsSummerTime: false }, july);
    await standard.ask(aarqNone);
    expect(await standard.ask(getClock)).toBe("c401c100090c07ea0701030b000500ff8800");
  });

  test("of a register gives value, scaler and unit", async () => {
    const { ask, meter } = device();
    await ask(aarqNone);
    const value = meter.registersAt(nowMs).importWh.toString(16).padStart(8, "0");
    expect(await ask("C001C100030100010800FF0200")).toBe(`c401c10006${value}`);
    expect(await ask("C001C100030100010800FF0300")).toBe("c401c10002020f00161e");
    expect(await ask("C001C100030100200700FF0300")).toBe("c401c10002020fff1623");
    expect(await ask("C001C100030100010800FF0100")).toBe("c401c10009060100010800ff");
  });

  test.each([
    ["an unknown object", "C001C100030100630900FF0200", "04"],
    ["the right object by a wrong class", "C001C100040100010800FF0200", "09"],
    ["an attribute that the class does not have", "C001C100030100010800FF0900", "04"],
    ["a selection on an object that has none", "C001C100030100010800FF02010100", "0d"],
    ["a selector that the profile does not know", "C001C100070100630100FF02010300", "0d"],
    ["a range without its structure", "C001C100070100630100FF02010100", "0c"],
  ])("of %s answers a data access result", async (_, request, result) => {
    const { ask } = device();
    await ask(aarqNone);
    expect(await ask(request)).toBe(`c401c101${result}`);
  });

  test("with list answers each item on its own", async () => {
    const { ask, meter } = device();
    await ask(aarqNone);
    const value = meter.registersAt(nowMs).exportWh.toString(16).padStart(8, "0");
    expect(
      await ask(`C003C103${"00030100020800FF0200"}${"00030100630900FF0200"}${"00030100020800FF0300"}`),
    ).toBe(`c403c1030006${value}01040002020f00161e`);
  });

  test("in blocks: numbered from 1, none longer than the reader takes, joined to one value", async () => {
    const { ask } = device();
    await ask(aarqNone.replace("04B0", "0080"));
    let joined = "";
    let answer = await ask("C001C1000F0000280000FF0200");
    for (let block = 1; ; block++) {
      expect(answer.length / 2).toBeLessThanOrEqual(0x80);
      expect(answer.slice(0, 6)).toBe("c402c1");
      expect(Number.parseInt(answer.slice(8, 16), 16)).toBe(block);
      expect(answer.slice(16, 18)).toBe("00");
      const raw = answer.slice(18);
      joined += raw.slice(raw.startsWith("81") ? 4 : 2);
      if (answer.slice(6, 8) === "01") break;
      answer = await ask(`C002C1${block.toString(16).padStart(8, "0")}`);
    }
    const list = decodeData(bytesOf(joined));
    expect(list.type === "array" && list.items.length).toBeGreaterThan(20);
    // The long answer is given; asking on is an error that the standard has a number for.
    expect(await ask("C002C100000009")).toBe("c402c101000000090110");
    expect(await ask(getClock)).toMatch(/^c401c1000/);
  });

  test("in blocks refuses a wrong block number and forgets the answer", async () => {
    const { ask } = device();
    await ask(aarqNone.replace("04B0", "0080"));
    await ask("C001C1000F0000280000FF0200");
    expect(await ask("C002C100000005")).toBe("c402c101000000050113");
    expect(await ask("C002C100000001")).toBe("c402c101000000010110");
  });

  test("without blocks agreed says that the answer is too long", async () => {
    const { ask } = device();
    await ask(aarqNone.replace("00007E1F", "0000001F"));
    expect(await ask("C001C100070100630100FF0200")).toBe("d80104");
  });

  test.each([
    ["SET of the clock", "C101C100080000010000FF0200090C07E9010FFF00000000FFC400", "c501c103"],
    ["ACTION on the profile", "C301C100070100630100FF01010F00", "c701c10300"],
    ["a service that the meter does not have", "050102FA08", "d80202"],
    ["bytes that are no APDU", "5A0102", "d80202"],
  ])("%s is refused", async (_, request, expected) => {
    const { ask } = device();
    await ask(aarqNone);
    expect(await ask(request)).toBe(expected);
  });
});

describe("load profile", () => {
  // All of 15 January 2025 in Central European winter time, from the sheet of the standard.
  const range = (from: string, to: string) =>
    `C001C100070100630100FF0201010204020412000809060000010000FF0F02120000090C${from}090C${to}0100`;
  const entries = (from: number, to: number, first = 1, last = 0) =>
    `C001C100070100630100FF02010202040600${from.toString(16).padStart(6, "0")}0600${to.toString(16).padStart(6, "0")}12${first
      .toString(16)
      .padStart(4, "0")}12${last.toString(16).padStart(4, "0")}`;
  const wide = aarqNone.replace("04B0", "0000");

  /** The value of an answer in however many blocks. */
  async function readAll(ask: (hex: string) => Promise<string>, request: string) {
    let answer = await ask(request);
    if (answer.startsWith("c401c100")) return decodeData(bytesOf(answer.slice(8)));
    let joined = "";
    for (let block = 1; ; block++) {
      const decoded = decodeApdu(bytesOf(answer));
      if (decoded.kind !== "get-response-with-block") throw new Error(answer);
      joined += hexOf(decoded.raw);
      if (decoded.last) return decodeData(bytesOf(joined));
      answer = await ask(`C002C1${block.toString(16).padStart(8, "0")}`);
    }
  }
  const rowsOf = (value: ReturnType<typeof decodeData>) => {
    if (value.type !== "array") throw new Error("no array");
    return value.items.map((row) => (row.type === "structure" ? row.items : []));
  };

  test("lists clock, status and four registers as its columns", async () => {
    const { ask } = device();
    await ask(aarqNone);
    expect(await ask("C001C100070100630100FF0300")).toBe(
      `c401c1000106${[
        "020412000809060000010000ff0f02120000",
        "020412000109060000600a01ff0f02120000",
        "020412000309060100010800ff0f02120000",
        "020412000309060100020800ff0f02120000",
        "020412000309060100030800ff0f02120000",
        "020412000309060100040800ff0f02120000",
      ].join("")}`,
    );
    expect(await ask("C001C100070100630100FF0400")).toBe("c401c1000600000384");
    expect(await ask("C001C100070100630100FF0700")).toBe("c401c1000600000b40");
  });

  test("of a day by range, bounds included, in another zone's time", async () => {
    const { ask, meter } = device();
    await ask(wide);
    // 5 November 2026, 00:00 to 24:00 in Central Europe (UTC+1).
    const rows = rowsOf(await readAll(ask, range("07EA0B05FF00000000FFC400", "07EA0B06FF00000000FFC400")));
    expect(rows).toHaveLength(97);
    const firstEndMs = Date.UTC(2026, 10, 4, 23);
    expect(rows[0]).toMatchObject([
      { bytes: bytesOf("07ea0b050401000000ff8800") },
      { type: "uint8", value: 0 },
      { type: "uint32", value: meter.registersAt(firstEndMs).importWh },
      { type: "uint32", value: meter.registersAt(firstEndMs).exportWh },
      { type: "uint32", value: meter.registersAt(firstEndMs).importVarh },
      { type: "uint32", value: meter.registersAt(firstEndMs).exportVarh },
    ]);
  });

  test("without deviation a range is the meter's local time, 92 or 100 rows on a day of change", async () => {
    const autumn = device({}, () => Date.UTC(2026, 9, 27, 8));
    await autumn.ask(wide);
    const octets = (date: string) => `${date}FF00000000800000`;
    expect(rowsOf(await readAll(autumn.ask, range(octets("07EA0A19"), octets("07EA0A1A"))))).toHaveLength(
      101,
    );
    const stamps = rowsOf(await readAll(autumn.ask, range(octets("07EA0A19"), octets("07EA0A1A")))).map(
      (row) => (row[0]?.type === "octet-string" ? hexOf(row[0].bytes) : ""),
    );
    // 03:30 comes twice: in summer time (UTC+3) and an hour later in winter time.
    expect(stamps.filter((stamp) => stamp.startsWith("07ea0a1907031e"))).toEqual([
      "07ea0a1907031e0000ff4c80",
      "07ea0a1907031e0000ff8800",
    ]);
    const spring = device({}, () => Date.UTC(2026, 2, 31, 8));
    await spring.ask(wide);
    expect(rowsOf(await readAll(spring.ask, range(octets("07EA031D"), octets("07EA031E"))))).toHaveLength(93);
  });

  test("by entries: the oldest is 1, to 0 is the newest, columns are cut", async () => {
    const { ask, meter } = device();
    await ask(wide);
    const { firstEndMs, lastEndMs } = meter.profileWindow();
    const all = rowsOf(await readAll(ask, entries(1, 0)));
    expect(all).toHaveLength((lastEndMs - firstEndMs) / slotMs + 1);
    expect(rowsOf(await readAll(ask, entries(1, 96)))).toEqual(all.slice(0, 96));
    expect(rowsOf(await readAll(ask, entries(2880, 0)))).toEqual(all.slice(-1));
    expect(rowsOf(await readAll(ask, entries(2881, 0)))).toEqual([]);
    expect(rowsOf(await readAll(ask, entries(5, 6, 3, 4)))).toEqual(
      all.slice(4, 6).map((row) => row.slice(2, 4)),
    );
  });

  test("gives chosen columns in the order of the range descriptor", async () => {
    const { ask, meter } = device();
    await ask(wide);
    const chosen = `0102${"020412000309060100020800FF0F02120000"}${"020412000809060000010000FF0F02120000"}`;
    const request = range("07EA0B05FF00000000FF8800", "07EA0B05FF00000000FF8800").slice(0, -4) + chosen;
    const rows = rowsOf(await readAll(ask, request));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.map(({ type }) => type)).toEqual(["uint32", "octet-string"]);
    expect(rows[0]?.[0]).toMatchObject({ value: meter.registersAt(Date.UTC(2026, 10, 4, 22)).exportWh });
  });

  test("of a meter with null-data leaves out what follows from the row above, never in the first row", async () => {
    const nulls = device({ profile: { nullData: true } });
    const plain = device();
    for (const { ask } of [nulls, plain]) await ask(wide);
    const request = range("07EA0B01FF00000000FF8800", "07EA0B08FF00000000FF8800");
    const sent = rowsOf(await readAll(nulls.ask, request));
    const full = rowsOf(await readAll(plain.ask, request));
    expect(sent[0]).toEqual(full[0]);
    expect(sent.slice(1).every((row) => row[0]?.type === "null")).toBe(true);
    let above = sent[0]!;
    sent.forEach((row, n) => {
      above = row.map((cell, column) => (cell.type === "null" && column > 0 ? above[column]! : cell));
      expect(above.slice(1), `row ${n}`).toEqual(full[n]?.slice(1));
    });
  });

  test("as a compact array holds the same rows", async () => {
    const compact = device({ profile: { compact: true } });
    const plain = device();
    for (const { ask } of [compact, plain]) await ask(wide);
    const packed = await readAll(compact.ask, entries(1, 96));
    const full = rowsOf(await readAll(plain.ask, entries(1, 96)));
    if (packed.type !== "compact-array") throw new Error(packed.type);
    expect(packed.description).toMatchObject({ type: "structure" });
    expect(packed.items.map((row) => (row.type === "structure" ? row.items : []))).toEqual(full);
  });

  test("with energies instead of registers holds the same curve", async () => {
    const { ask, meter } = device({ profile: { columns: "delta" } });
    await ask(wide);
    const rows = rowsOf(await readAll(ask, entries(1, 0)));
    const { firstEndMs, lastEndMs } = meter.profileWindow();
    const sum = rows.reduce((total, row) => total + (row[2]?.type === "uint32" ? row[2].value : 0), 0);
    expect(sum).toBe(meter.registersAt(lastEndMs).importWh - meter.registersAt(firstEndMs - slotMs).importWh);
    expect(await ask("C001C1000301001D1D00FF0200")).toBe("c401c10104");
    expect(await ask("C001C100030100011D00FF0200")).toMatch(/^c401c10006/);
  });

  test("of midnights has one row a day with the registers at the day's change", async () => {
    const { ask, meter } = device();
    await ask(wide);
    const rows = rowsOf(await readAll(ask, "C001C100070100630200FF0200"));
    expect(rows).toHaveLength(30);
    const midnight = calendar.day(calendar.dayAt(nowMs)).startMs;
    expect(rows.at(-1)?.[1]).toMatchObject({ value: meter.registersAt(midnight).importWh });
  });

  test("event log: power down and up by their IDIS codes, stamped, in order", async () => {
    const often = { plannedOutage: 0, faultOutage: 1, clockSet: 0, cover: 0 };
    const meter = meterOf("dlms-wrapper", {}, surroundings(often));
    const server = new MeterServer(deviceOf(meter));
    const ask = async (hex: string) => hexOf((await server.answer(bytesOf(hex), 16))!);
    await ask(wide);
    const rows = rowsOf(await readAll(ask, "C001C100070000636200FF0200"));
    const codes = rows.map((row) => (row[1]?.type === "uint8" ? row[1].value : -1));
    expect(codes.filter((code) => code === 1).length).toBeGreaterThan(25);
    expect(new Set(codes.filter((code) => code !== 3))).toEqual(new Set([1, 2]));
    const one = await readAll(
      ask,
      `C001C100070000636200FF0201010204020412000809060000010000FF0F02120000090C07EA0B05FF00000000FF8800090C07EA0B06FF00000000FF88000100`,
    );
    expect(rowsOf(one)).toHaveLength(2);
  });
});

describe("HDLC line", () => {
  const open = (changes: MeterChanges = {}) => {
    const meter = meterOf("dlms-hdlc", changes);
    const sent: string[] = [];
    const line = openLine(
      deviceOf(meter),
      { write: (bytes) => sent.push(hexOf(bytes)), destroy: () => sent.push("destroyed") },
      lineClock(() => nowMs),
    );
    const send = async (hex: string) => {
      line.receive(bytesOf(hex));
      await setImmediate();
    };
    return { send, sent };
  };
  const snrm = "7EA0070321930F017E";

  test("answers the SNRM of the standard's example with UA and its limits", async () => {
    const { send, sent } = open();
    await send(snrm);
    // The reader said nothing of its limits: information fields of 128, window 1.
    expect(sent).toEqual(["7ea01e210373c37a818012050180060180070400000001080400000001533b7e"]);
  });

  test("speaks from a 4-byte address too", async () => {
    const { send, sent } = open();
    await send("7EA00A00020023219318717E");
    expect(sent[0]).toMatch(/^7ea0..21000200237/);
  });

  test("reads the clock with recorded frames, byte by byte", async () => {
    const { send, sent } = open();
    const frames = [
      snrm,
      // AARQ of an independent client, N(S)=0.
      "7ea02b032110fbafe6e600601da109060760857405080101be10040e01000000065f1f0400401e5dffff91237e",
      "7EA0190321326FD8E6E600C001C100080000010000FF0200601A7E",
    ];
    for (const byte of frames.join("").match(/../g) ?? []) await send(byte);
    expect(sent).toHaveLength(3);
    expect(sent[1]).toContain("e6e7006129a109060760857405080101a203020100");
    expect(sent[2]).toContain("e6e700c401c100090c07ea0b0a020c071e00ff8800");
  });

  test("keeps silent on a frame with a wrong check, on noise and on another station's address", async () => {
    const { send, sent } = open();
    await send("7EA0070321930F027E");
    await send("007FFF7E7E");
    await send("7EA007052193");
    expect(sent).toEqual([]);
    await send(`${"00".repeat(40)}${snrm}`);
    expect(sent).toHaveLength(1);
  });

  test("disconnected it answers DM, and an association does not survive a new SNRM", async () => {
    const { send, sent } = open();
    await send("7EA00703215303C77E");
    expect(sent.at(-1)).toMatch(/^7ea00721031f/);
    await send(snrm);
    await send("7ea02b032110fbafe6e600601da109060760857405080101be10040e01000000065f1f0400401e5dffff91237e");
    await send(snrm);
    await send("7EA0190321326FD8E6E600C001C100080000010000FF0200601A7E");
    expect(sent.at(-1)).not.toContain("c401c1");
  });
});

describe("wrapper line", () => {
  const open = () => {
    const meter = meterOf("dlms-wrapper");
    const sent: string[] = [];
    const line = openLine(
      deviceOf(meter),
      { write: (bytes) => sent.push(hexOf(bytes)), destroy: () => sent.push("destroyed") },
      lineClock(() => nowMs),
    );
    const send = async (hex: string) => {
      line.receive(bytesOf(hex));
      await setImmediate();
    };
    return { send, sent };
  };
  const framed = (apdu: string) =>
    `0001001000010${(apdu.length / 2).toString(16).padStart(3, "0")}${apdu}`.toLowerCase();

  test("answers with the ports turned round, however the bytes are cut or glued", async () => {
    const { send, sent } = open();
    const both = `${framed(aarqNone)}000100100001000DC001C100080000010000FF0200`;
    for (const byte of both.match(/../g) ?? []) await send(byte);
    expect(sent).toHaveLength(2);
    expect(sent[0]).toMatch(/^000100010010002b6129/);
    expect(sent[1]).toBe("0001000100100012c401c100090c07ea0b0a020c071e00ff8800");
    const glued = open();
    await glued.send(both);
    expect(glued.sent).toEqual(sent);
  });

  test.each([
    ["a wrong version", "0002001000010001C0"],
    ["a length that no request of a meter has", "000100100001FFFF"],
    ["text", "474554202F"],
  ])("cuts the connection on %s", async (_, bytes) => {
    const { send, sent } = open();
    await send(bytes);
    expect(sent).toEqual(["destroyed"]);
  });

  test("keeps silent for another logical device", async () => {
    const { send, sent } = open();
    await send(framed(aarqNone).replace("000100100001", "000100100002"));
    expect(sent).toEqual([]);
  });
});
