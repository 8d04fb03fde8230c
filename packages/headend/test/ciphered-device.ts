import type { Socket } from "node:net";
import { type Peer, startPeer } from "@energsys/drivers/testing";
import { type CosemObject, encodeObjectList } from "@energsys/protocols/cosem";
import {
  type Authentication,
  type CounterKeeper,
  type DataValue,
  DeviceAssociation,
  decodeApdu,
  encodeApdu,
  openCiphered,
  readingConformance,
  type SecuritySettings,
  serveObjects,
} from "@energsys/protocols/dlms";
import { nodeCiphers } from "@energsys/protocols/node";
import { encodeWrapperFrame, takeWrapperFrame } from "@energsys/protocols/wrapper";

// A small meter of the tests, made of the device's side of `protocols`: what a whole virtual meter would hide is set here by hand.

const hex = (digits: string) => new Uint8Array(Buffer.from(digits, "hex"));
export const encryptionKey = "000102030405060708090a0b0c0d0e0f";
export const authenticationKey = "d0d1d2d3d4d5d6d7d8d9dadbdcdddedf";
const meterTitle = hex("4d4d4d0000bc614e");

/** Counters of the test meter's side; they outlive its connections. */
export function meterCounters(received?: number): CounterKeeper {
  let next = 1;
  let last = received;
  return {
    async reserve(count) {
      next += count;
      return next - count;
    },
    received: () => last,
    accept(counter) {
      last = counter;
    },
  };
}

export const meterSecurity = (more: Partial<SecuritySettings> = {}): SecuritySettings => ({
  encryptionKey: hex(encryptionKey),
  authenticationKey: hex(authenticationKey),
  systemTitle: meterTitle,
  counters: meterCounters(),
  ciphers: nodeCiphers,
  ...more,
});

export interface TestMeterOptions {
  readonly identity?: string;
  readonly authentication: Authentication;
  readonly security?: SecuritySettings;
  /** How long it takes for an answer. */
  readonly delayMs?: number;
  /** The counter that the public client (16) is told in 0-0:43.1.0; absent: it may not associate. */
  readonly shownCounter?: () => number;
  /** Changes or replaces an answer: the n-th of a connection, from 0 on, with the ones before it. */
  readonly distort?: (answer: Uint8Array, nth: number, before: readonly Uint8Array[]) => Uint8Array;
}

export interface TestMeter extends Peer {
  /** Invocation counters as they came in, ciphered messages and HLS 5 values alike. */
  readonly heard: number[];
  /** Releases that came. */
  releases(): number;
}

const objects: readonly CosemObject[] = ["1-0:1.8.0*255", "1-0:2.8.0*255", "1-0:3.8.0*255"].map((obis) => ({
  classId: 3,
  version: 0,
  obis,
  attributes: [1, 2, 3].map((attribute) => ({ attribute, mode: 1, selectors: [] })),
  methods: [],
}));

function findValue(identity: string, key: string): DataValue | undefined {
  const [classId, , attribute] = key.split("/");
  if (key === "1/0-0:42.0.0*255/2" && identity !== "")
    return { type: "octet-string", bytes: new TextEncoder().encode(identity) };
  if (key === "15/0-0:40.0.0*255/2") return encodeObjectList(objects);
  if (classId === "3" && attribute === "2") return { type: "uint32", value: 123_456 };
  if (classId === "3" && attribute === "3") {
    return {
      type: "structure",
      items: [
        { type: "int8", value: 1 },
        { type: "enum", value: 30 },
      ],
    };
  }
  return undefined;
}

/** A meter on the TCP wrapper with one client, 1, and the public client where it shows a counter. */
export async function startTestMeter(options: TestMeterOptions): Promise<TestMeter> {
  const heard: number[] = [];
  let releases = 0;
  const { identity = "TST0001", authentication, security, shownCounter, distort, delayMs = 0 } = options;
  const serveAs = (values: (key: string) => DataValue | undefined) =>
    serveObjects({
      get({ attribute: { classId, obis, attribute } }) {
        const data = values(`${classId}/${obis}/${attribute}`);
        return data ? { ok: true, data } : { ok: false, dataAccessResult: "object-undefined" };
      },
      set: () => "read-write-denied",
      action: () => ({ actionResult: "read-write-denied" }),
    });
  const offered = { conformance: readingConformance, maxReceivePduLength: 1024 };
  const serve = (socket: Socket): void => {
    socket.setNoDelay(true);
    const management = new DeviceAssociation(
      { authentication, ...(security ? { security } : {}), ...offered },
      serveAs((key) => findValue(identity, key)),
    );
    const shown = new DeviceAssociation(
      { authentication: { kind: "none" }, ...offered },
      serveAs((key) =>
        key === "1/0-0:43.1.0*255/2" && shownCounter ? { type: "uint32", value: shownCounter() } : undefined,
      ),
    );
    let received = new Uint8Array(0);
    const sent: Uint8Array[] = [];
    let working = Promise.resolve();
    const answer = async (apdu: Uint8Array, client: number): Promise<void> => {
      if (apdu[0] === 0x62) releases++;
      if (client !== 16 && security) heard.push(...countersIn(apdu, security));
      const bytes = await (client === 16 ? shown : management).answer(apdu);
      if (!bytes) return;
      const out = client === 16 ? bytes : (distort?.(bytes, sent.length, sent) ?? bytes);
      if (client !== 16) sent.push(bytes);
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      socket.write(encodeWrapperFrame({ sourcePort: 1, destinationPort: client, apdu: out }));
    };
    socket.on("data", (chunk) => {
      received = new Uint8Array(Buffer.concat([received, chunk as Buffer]));
      for (let taken = takeWrapperFrame(received); taken; taken = takeWrapperFrame(received)) {
        const { apdu, sourcePort } = taken.frame;
        const request = apdu.slice();
        received = received.slice(taken.end);
        working = working.then(() => answer(request, sourcePort));
      }
    });
  };
  const peer = await startPeer(serve);
  return { ...peer, heard, releases: () => releases };
}

/** Every counter that a message uses up: its own, and that of an HLS 5 value in it. */
function countersIn(bytes: Uint8Array, security: SecuritySettings): number[] {
  const apdu = decodeApdu(bytes);
  const sealed = apdu.kind === "aarq" || apdu.kind === "rlrq" ? apdu.userInformation : apdu;
  if (sealed?.kind !== "ciphered") return [];
  const title = new Uint8Array(Buffer.from("454e530000000001", "hex"));
  const keys = {
    encryption: security.encryptionKey,
    authentication: security.authenticationKey,
    systemTitle: title,
  };
  const opened = openCiphered(sealed, keys, nodeCiphers);
  const inner = opened.ok ? decodeApdu(opened.apdu) : undefined;
  const value =
    inner?.kind === "action-request-normal" && inner.parameters?.type === "octet-string"
      ? [new DataView(inner.parameters.bytes.slice().buffer).getUint32(1)]
      : [];
  return [...value, sealed.invocationCounter];
}

/** Makes another APDU out of one. */
export function changed(
  bytes: Uint8Array,
  change: (apdu: ReturnType<typeof decodeApdu>) => unknown,
): Uint8Array {
  const apdu = decodeApdu(bytes);
  const after = change(apdu);
  return after === undefined ? bytes : encodeApdu(after as typeof apdu);
}
