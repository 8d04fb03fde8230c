import { isDeepStrictEqual } from "node:util";
import { type Ciphers, findObis } from "@energsys/protocols";
import {
  decodeCaptureObjects,
  decodeEntrySelection,
  decodeObjectList,
  decodeProfileBuffer,
  decodeRangeSelection,
  openKeyTransfer,
  profileFromData,
  scalerUnit,
} from "@energsys/protocols/cosem";
import { explain, findSession } from "@energsys/protocols/decode";
import {
  concatBytes,
  decodeApdu,
  decodeData,
  decodeDateTime,
  decodeLeadingApdu,
  decodeShortNameList,
  encodeApdu,
  encodeData,
  GeneralBlockReceiver,
} from "@energsys/protocols/dlms";
import {
  decodeFrame,
  decodeParameters,
  FrameReader as HdlcFrameReader,
  HdlcStation,
  takeFrame,
} from "@energsys/protocols/hdlc";
import {
  decodeCommand,
  decodeDataSets,
  decodeLog,
  decodeProfile,
  decodeReadout,
  FrameReader,
  findIdentification,
  findStamp,
  IecStation,
  ReadoutReader,
  RequestReader,
  zoneOffset,
} from "@energsys/protocols/iec62056-21";
import { CipheredP1Reader, decodeCipheredP1, openP1 } from "@energsys/protocols/p1";
import { encodeMbusFrames, takeWrapperFrame } from "@energsys/protocols/wrapper";
import { clientHears, deviceHears } from "./dialogues.ts";
import { repairBcc, repairCrc, repairHdlc, repairMbus, repairWrapper } from "./repair.ts";
import { bytesOfHex, type Seeds } from "./seeds.ts";

/** A decoder and what has to hold for it, whatever the bytes. */
export interface FuzzTarget {
  readonly name: string;
  readonly seeds: (seeds: Seeds) => readonly Uint8Array[];
  readonly decode: (bytes: Uint8Array) => unknown;
  /** A dialogue in place of `decode`: rejects only for what is a fault. */
  readonly converse?: (bytes: Uint8Array) => Promise<unknown>;
  /** The same for bytes that come in parts: any split has to give the same. */
  readonly stream?: (chunks: readonly Uint8Array[]) => unknown;
  /** Whether another way gives the same, for a result that was not refused. */
  readonly agrees?: (bytes: Uint8Array, result: unknown) => boolean;
  readonly repair?: (bytes: Uint8Array) => Uint8Array;
  readonly literals?: readonly string[];
  /** Counted steps and size of the result for a byte of input; 150 and 60 unless told. */
  readonly stepsPerByteMax?: number;
  readonly sizePerByteMax?: number;
}

const latin = new TextDecoder("latin1");
const bucharest = zoneOffset("Europe/Bucharest");
const clockAndThree = {
  columns: [
    { classId: 8, attribute: 2 },
    { classId: 1, attribute: 2 },
    { classId: 3, attribute: 2 },
    { classId: 3, attribute: 2 },
  ],
  periodSeconds: 900,
} as const;

const ascii = (...texts: readonly string[]): Uint8Array[] =>
  texts.map((text) => new TextEncoder().encode(text));
const hex = (...texts: readonly string[]): Uint8Array[] => texts.map(bytesOfHex);
const brackets = [
  "(",
  ")",
  "*",
  "!\r\n",
  "\r\n",
  "()",
  "(ERROR)",
  "1-0:1.8.0*255",
  "kWh",
  "\u0002",
  "\u0003",
  "\u0004",
];
const startsWith =
  (...tags: readonly number[]) =>
  (bytes: Uint8Array) =>
    tags.includes(bytes[0]!);

function readoutInParts(chunks: readonly Uint8Array[]): unknown {
  const reader = new ReadoutReader({ messageLengthMax: 600, answerLengthMax: 1500 });
  return [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()];
}

function wrapperInParts(chunks: readonly Uint8Array[]): unknown {
  let received: Uint8Array = new Uint8Array(0);
  const frames: unknown[] = [];
  for (const chunk of chunks) {
    received = concatBytes(received, chunk);
    for (let taken = takeWrapperFrame(received); taken; taken = takeWrapperFrame(received)) {
      frames.push({ ...taken.frame, apdu: taken.frame.apdu.toHex() });
      received = received.subarray(taken.end);
    }
  }
  return frames;
}

/** Ciphers that change nothing and find every tag right, so that what lies under a protection is tried too. */
const openCiphers: Ciphers = {
  seal: (_key, _iv, _additional, plain) => concatBytes(plain, new Uint8Array(12)),
  open: (_key, _iv, _additional, sealed) => sealed.slice(0, -12),
  decryptUnauthenticated: (_key, _iv, sealed) => sealed.slice(),
  random: (length) => new Uint8Array(length),
  unwrapKey: (_wrappingKey, wrapped) => wrapped.slice(8),
};
const anyKeys = {
  encryption: new Uint8Array(16),
  authentication: new Uint8Array(16),
  systemTitle: new Uint8Array(8),
};

/** What a meter in mode C says to what it hears; time passes only afterwards, so that splits do not matter. */
function stationHears(chunks: readonly Uint8Array[]): unknown {
  const due: (() => void)[] = [];
  const written: string[] = [];
  let hear: (bytes: Uint8Array) => void = () => {};
  const clock = { now: () => 0, after: (_delayMs: number, action: () => void) => cancellable(due, action) };
  new IecStation(
    {
      write: (bytes) => written.push(bytes.toHex()),
      onBytes: (listener) => {
        hear = listener;
      },
      onEnd: () => {},
      close: () => {},
    },
    clock,
    {
      identification: { manufacturer: "ENS", baudCharacter: "@", identification: "FUZZ" },
      address: "1",
      readout: () => [],
      command: (command) =>
        command.startsWith("R") ? { kind: "text", body: "(1)\r\n".repeat(200) } : { kind: "ack" },
    },
  );
  for (const chunk of chunks) hear(chunk);
  for (let turn = 0; turn < 8; turn++) for (const action of due.splice(0)) action();
  // After its readout a mode A meter takes commands: the same bytes once more.
  for (const chunk of chunks) hear(chunk);
  for (let turn = 0; turn < 8; turn++) for (const action of due.splice(0)) action();
  return written;
}

function cancellable(due: (() => void)[], action: () => void): () => void {
  due.push(action);
  return () => {
    const at = due.indexOf(action);
    if (at >= 0) due.splice(at, 1);
  };
}

function hdlcStationHears(chunks: readonly Uint8Array[]): unknown {
  const written: string[] = [];
  const station = new HdlcStation(
    { logical: 1, informationLengthMax: 512, apduLengthMax: 4096 },
    { write: (bytes) => written.push(bytes.toHex()), onApdu: (apdu) => apdu },
  );
  for (const chunk of chunks) station.receive(chunk);
  return written;
}

/** One array of four-column rows: a stamp and three integers. */
const profileSeeds = hex(
  "0102 0204 090C07EA0A1B0200000000FF8800 1108 0600000001 0600000002 0204 00 00 0600000003 00",
  "0101 0204 1907EA0A1B0200000000FF8800 1200FF 1400000000000000FF 05FFFFFFFF",
  "0181 02 0204 090C07EA0A1B02000F0000008000 1100 0600000001 0600000002 0204 00 1108 0600000005 0600000006",
  "1302 0409 110606 0C 07EA0A1B0200000000FF8800 01",
);

/** Requests that no capture holds: ACCESS, general ciphering and signing, blocks, gateway. */
const rareApdus = hex(
  "D9 40000001 00 02 01 0008 0000010000FF 02 02 0001 0000600100FF 02 02 00 0903414243",
  "DA 40000001 00 00 02 0600000001 00 02 01 00 02 00",
  "DD 0801020304050607 08 084D4D4D0000BC614E 084D4D4D0000000001 00 00 01 02 01 01 00 1E 31 00000007 3713CC8D28B9E04EB949A06360EF6A6FC407012D14352824B6",
  "DF 0801020304050607 08 084D4D4D0000BC614E 00 00 00 0D C001C100080000010000FF0200 04 01020304",
  "E0 C1 0001 0000 0D C001C100080000010000FF0200",
  "E0 01 0002 0001 03 010203",
  "E6 01 06 313233343536 C001C100080000010000FF0200",
  "E7 01 06 313233343536 C401C100 0600000001",
  "C103C100 00 00000001 03 010203",
  "C102C1 0001 0000600100FF 02 00 00 00000001 05 0903414243",
  "C303C1 02 0046 00006003 0AFF 01 0046 0000600 30AFF 02 02 0F00 0F00",
  "0501 04 FA58 01 0908 0102030405060708",
  "0601 02 FA08 01 0600000001",
);

/** Blocks one behind the other, as a receiver gets them. */
function joinBlocks(bytes: Uint8Array): unknown {
  const receiver = new GeneralBlockReceiver(4096);
  const joined: unknown[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { apdu, end } = decodeLeadingApdu(bytes.subarray(at));
    if (apdu.kind !== "general-block-transfer") break;
    joined.push(receiver.take(apdu).apdu?.length);
    at += end;
  }
  return joined;
}

const p1Telegrams = (chunks: readonly Uint8Array[]): unknown => {
  const reader = new CipheredP1Reader({ lengthMax: 400 });
  return chunks.flatMap((chunk) => reader.push(chunk));
};

/** Every decoder of the package: a new one is a new row. */
export const targets: readonly FuzzTarget[] = [
  {
    name: "iec-readout",
    seeds: ({ texts }) => texts,
    decode: (bytes) => decodeReadout(bytes),
    stream: readoutInParts,
    repair: repairBcc,
    literals: brackets,
  },
  {
    name: "p1",
    seeds: ({ texts }) => texts.filter((text) => latin.decode(text.subarray(-12)).includes("!")),
    decode: (bytes) => decodeReadout(bytes),
    stream: readoutInParts,
    repair: repairCrc,
    literals: brackets,
  },
  {
    name: "iec-data-sets",
    seeds: ({ texts }) => texts,
    decode: (bytes) => decodeDataSets(bytes),
    literals: brackets,
  },
  {
    name: "iec-profile",
    seeds: ({ texts }) => [
      ...texts.map(withoutFrame).filter((text) => latin.decode(text).startsWith("P.0")),
      ...ascii(
        "P.01(0261025031500)(08)(15)(2)(1.5)(kW)(2.5)(kW)\r\n(1.5)(2)\r\n()\r\n(--)(1)\r\nP.01(1261025031500)(00000008)(15)(1)(1.29)(kWh)\r\n(0.123)\r\n",
        "P.01(ERROR)",
      ),
    ],
    decode: (bytes) => decodeProfile(latin.decode(bytes), { offset: bucharest }),
    literals: brackets,
  },
  {
    name: "iec-log",
    seeds: ({ texts }) => [
      ...texts.map(withoutFrame).filter((text) => latin.decode(text).startsWith("P.9")),
      ...ascii(
        "P.98(0260801060000)(80)()(2)(0.9.1)()(0.9.2)()\r\n(120000)(260801)\r\nP.98(2260801061530)(40)()()\r\n",
      ),
    ],
    decode: (bytes) => decodeLog(latin.decode(bytes), { offset: bucharest }),
    literals: brackets,
  },
  {
    name: "iec-requests",
    seeds: ({ steps }) => [
      ...steps.filter(startsWith(0x01, 0x02, 0x06, 0x15, 0x2f)),
      ...ascii("/?12345678!\r\n\u0006051\r\n", "\u0001R5\u0002P.01(0261001;)\u0003"),
    ],
    decode: (bytes) => decodeCommand(bytes),
    stream: (chunks) => {
      const reader = new RequestReader();
      return chunks.flatMap((chunk) => reader.push(chunk));
    },
    repair: repairBcc,
  },
  {
    name: "iec-frames",
    seeds: ({ steps, texts }) => [...steps, ...texts],
    decode: (bytes) => new FrameReader({ frameLengthMax: 400 }).push(bytes),
    stream: (chunks) => {
      const reader = new FrameReader({ frameLengthMax: 400, acknowledgement: "option-select" });
      return [...chunks.flatMap((chunk) => reader.push(chunk)), reader.endWithoutCheck()];
    },
    repair: repairBcc,
  },
  {
    name: "iec-identification-and-stamps",
    seeds: () =>
      ascii("/ISK5\\2ME162-0033", "0261025031500", "26-10-25,03:15", "261025031500S", "2612312400"),
    decode: (bytes) => {
      const text = latin.decode(bytes);
      return [findIdentification(text), findStamp(text)];
    },
  },
  {
    name: "hdlc-frames",
    seeds: ({ binaries, steps }) => [...binaries, ...steps].filter(startsWith(0x7e)),
    decode: (bytes) => [takeFrame(bytes), decodeFrame(bytes)],
    stream: (chunks) => {
      const reader = new HdlcFrameReader();
      return chunks
        .flatMap((chunk) => reader.push(chunk))
        .map((frame) => ({ ...frame, information: frame.information.toHex() }));
    },
    repair: repairHdlc,
  },
  {
    name: "iec-station",
    seeds: ({ steps }) => [
      joined(steps.filter(startsWith(0x01, 0x06, 0x15, 0x2f)).slice(0, 12)),
      ...ascii(
        "/?1!\r\n\u0006051\r\n\u0001P1\u0002(00000000)\u0003a\u0001R1\u00021.8.0()\u0003Z\u0001W3\u0002C.1(ab\u0004",
      ),
    ],
    decode: (bytes) => stationHears([bytes]),
    stream: stationHears,
    literals: [
      ...brackets,
      "/?!\r\n",
      "\u0006051\r\n",
      "\u0006252\r\n",
      "\u0001R6\u0002P.01(;)\u0003",
      "\u0006",
      "\u0015",
    ],
  },
  {
    name: "hdlc-station",
    seeds: ({ steps }) => {
      const frames = steps.filter(startsWith(0x7e));
      return [...frames, joined(frames.slice(0, 8))];
    },
    decode: (bytes) => hdlcStationHears([bytes]),
    stream: hdlcStationHears,
    repair: repairHdlc,
  },
  {
    name: "obis",
    seeds: () => ascii("1-0:1.8.1*05", "1.0.1.8.0.255", "1.8.0", "C.1.0", "P.01", "F.F", "1.8.1&99"),
    decode: (bytes) => findObis(latin.decode(bytes)),
  },
  {
    name: "hdlc-parameters",
    seeds: () => hex("818014050200800602008007040000000108040000 0001", "81800C0502040006020400070101080101"),
    decode: (bytes) => decodeParameters(bytes),
  },
  {
    name: "wrapper",
    seeds: ({ binaries, steps }) => [...binaries, ...steps].filter(startsWith(0x00)),
    decode: (bytes) => takeWrapperFrame(bytes),
    stream: wrapperInParts,
    repair: repairWrapper,
  },
  {
    name: "apdu",
    seeds: ({ apdus }) => [...apdus, ...rareApdus],
    decode: (bytes) => [decodeLeadingApdu(bytes), decodeApdu(bytes)],
    agrees: (_bytes, result) => {
      const [, apdu] = result as [unknown, ReturnType<typeof decodeApdu>];
      return isDeepStrictEqual(decodeApdu(encodeApdu(apdu)), apdu);
    },
  },
  {
    name: "data",
    seeds: ({ data }) => [...data, ...profileSeeds],
    decode: (bytes) => decodeData(bytes),
    agrees: (_bytes, result) => {
      const value = result as ReturnType<typeof decodeData>;
      return isDeepStrictEqual(decodeData(encodeData(value)), value);
    },
  },
  {
    name: "compact-array",
    seeds: () =>
      hex(
        "13 02 02 12 06 0C 0001 00000001 0002 00000002",
        "13 01 0003 11 06 010203040506",
        "13 09 09 03 414243 05 4142434445",
        "13 02 03 00 11 04 04 01 05 F0 02",
        "0202 1311020102 1312040102 0304",
      ),
    decode: (bytes) => decodeData(bytes),
    agrees: (_bytes, result) => {
      const value = result as ReturnType<typeof decodeData>;
      return isDeepStrictEqual(decodeData(encodeData(value)), value);
    },
  },
  {
    name: "object-list",
    seeds: ({ data }) => [
      ...data,
      ...hex(
        "0102 0204 120008 1100 09060000010000FF 0202 0102 0203 0F01 1601 00 0203 0F02 1603 0101 0F01 0101 0202 0F01 1601 0204 120001 1100 09060000600100FF 0202 0100 0100",
      ),
    ],
    decode: (bytes) => decodeObjectList(decodeData(bytes)),
  },
  {
    name: "capture-objects",
    seeds: () =>
      hex(
        "0102 0204 120008 09060000010000FF 0F02 120000 0204 120003 09060100010800FF 0F02 120000",
        "0101 0206 120008 09060000010000FF 0F02 120000 0202 1600 120000 0100",
      ),
    decode: (bytes) => decodeCaptureObjects(decodeData(bytes)),
  },
  {
    name: "profile-buffer",
    seeds: ({ data }) => [...profileSeeds, ...data],
    decode: (bytes) => decodeProfileBuffer(bytes, clockAndThree),
    agrees: (bytes, result) => isDeepStrictEqual(result, profileFromData(decodeData(bytes), clockAndThree)),
    // Columns of every row are laid out before the rows are read: four of up to 11 bytes for each byte of a row.
    sizePerByteMax: 120,
  },
  {
    name: "selection",
    seeds: () =>
      hex(
        "0204 0204 120008 09060000010000FF 0F02 120000 090C07EA0A1B0200000000FF8800 090C07EA0A1C0300000000FF8800 0100",
        "0204 0600000001 060000000A 120001 120000",
      ),
    decode: (bytes) => {
      const value = decodeData(bytes);
      const results: unknown[] = [];
      for (const decode of [decodeRangeSelection, decodeEntrySelection, scalerUnit]) {
        try {
          results.push(decode(value));
        } catch (error) {
          if ((error as Error).name !== "DecodeError") throw error;
        }
      }
      return results;
    },
  },
  {
    name: "date-time",
    seeds: () => hex("07EA0A1B0200000000FF8800", "FFFFFFFFFFFFFFFFFF800000", "07EA0A1BFF", "00000000"),
    decode: (bytes) => decodeDateTime(bytes),
  },
  {
    name: "p1-ciphered",
    seeds: ({ texts }) => [
      ...hex("DB 08 4D4D4D0000BC614E 1E 30 01234567 411312FF935A47566827C467BC7D825C3BE4A77C3FCC056B6B"),
      ...texts
        .filter((text) => text[0] === 0x2f)
        .map((text) =>
          concatBytes(
            bytesOfHex("DB 08 4D4D4D0000BC614E 82"),
            Uint8Array.of((text.length + 17) >> 8, (text.length + 17) & 0xff, 0x30, 0, 0, 0, 1),
            text,
            new Uint8Array(12),
          ),
        ),
    ],
    decode: (bytes) => openP1(decodeCipheredP1(bytes), anyKeys, openCiphers),
    stream: p1Telegrams,
    literals: brackets,
  },
  {
    name: "mbus-frames",
    seeds: ({ binaries }) => [
      ...binaries.filter(startsWith(0x68)),
      ...encodeMbusFrames(new Uint8Array(300).fill(0x0f)),
    ],
    decode: (bytes) => explain(bytes),
    repair: repairMbus,
    stepsPerByteMax: 600,
    sizePerByteMax: 400,
  },
  {
    name: "general-blocks",
    seeds: () => [
      ...rareApdus.filter(startsWith(0xe0)),
      ...hex(
        "E0 41 0001 0000 03 C001C1 E0 01 0002 0000 03 000800 E0 81 0003 0000 07 00010000FF0200",
        "E0 41 0002 0000 01 55 E0 01 0001 0000 01 44 E0 81 0002 0000 01 55",
      ),
    ],
    decode: joinBlocks,
  },
  {
    name: "short-name-list",
    seeds: ({ data }) => [
      ...data,
      ...hex("0102 0204 10FA00 12000C 1100 09060000280000FF 0204 1000A0 120017 1101 09060000160000FF"),
    ],
    decode: (bytes) => decodeShortNameList(decodeData(bytes)),
  },
  {
    name: "key-transfer",
    seeds: () => hex("0101 0202 1600 0918 1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5"),
    decode: (bytes) => openKeyTransfer(decodeData(bytes), new Uint8Array(16), openCiphers),
  },
  {
    name: "session-file",
    seeds: ({ sessions }) => sessions,
    decode: (bytes) => findSession(bytes),
    literals: ['"to-meter"', '"from-meter"', '"hex"', '"ascii"', '{"dir":"to-meter","hex":"7e"}', "<BCC>"],
    sizePerByteMax: 100,
  },
  {
    name: "dlms-device",
    seeds: ({ apdus }) => [...apdus, ...rareApdus],
    decode: () => undefined,
    converse: (bytes) => deviceHears(bytes, openCiphers),
    stepsPerByteMax: 600,
  },
  {
    name: "dlms-client",
    seeds: ({ apdus }) => [
      ...apdus
        .filter((apdu) => apdu.length < 256)
        .map((apdu) => concatBytes(Uint8Array.of(apdu.length), apdu)),
      ...hex(
        "0E C402C1 01 00000001 00 05 0903414243 0C C402C1 01 00000002 00 0102",
        "0A C403C1 02 00 1105 01 04 05 C501C100 06 C701C10000 05 C501C100",
        "0B 0C 01 00 0600000001 FF",
      ),
    ],
    decode: () => undefined,
    converse: clientHears,
    stepsPerByteMax: 600,
  },
  {
    name: "explain",
    seeds: ({ texts, binaries, apdus }) => [...binaries, ...texts, ...apdus],
    decode: (bytes) => explain(bytes),
    repair: repairHdlc,
    literals: brackets,
    stepsPerByteMax: 600,
    sizePerByteMax: 400,
  },
  {
    name: "explain-ciphered",
    seeds: ({ binaries, apdus }) => [...binaries, ...apdus],
    decode: (bytes) => explain(bytes, { ciphers: openCiphers, keys: anyKeys }),
    repair: repairHdlc,
    stepsPerByteMax: 600,
    sizePerByteMax: 400,
  },
  {
    name: "explain-session",
    seeds: ({ sessions }) => sessions,
    decode: (bytes) => explain(bytes),
    literals: ['"to-meter"', '"from-meter"', '"hex"', '"ascii"', '{"dir":"to-meter","hex":"7e"}', "<BCC>"],
    stepsPerByteMax: 600,
    sizePerByteMax: 400,
  },
];

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...parts);
}

/** What stands between STX and ETX, where a text has them. */
function withoutFrame(text: Uint8Array): Uint8Array {
  const start = text.indexOf(0x02) + 1;
  const end = text.lastIndexOf(0x03);
  return text.subarray(start, end > start ? end : undefined);
}
