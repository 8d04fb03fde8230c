import {
  type ApduLink,
  confirmationOf,
  DeviceAssociation,
  DlmsClient,
  decodeApdu,
  encodeApdu,
  encodeConformance,
  GatewayLink,
  type GeneralBlock,
  GeneralBlockDevice,
  GeneralBlockLink,
  GeneralBlockReceiver,
  GeneralBlockSender,
} from "@energsys/protocols/dlms";
import fc from "fast-check";
import { expect, test } from "vitest";
import { asHex, hex } from "./support.ts";

const bytesOf = (length: number) => Uint8Array.from({ length }, (_, at) => at * 11);

test("whatever is lost or comes twice, the receiver ends with the bytes that were cut", () => {
  const losses = fc.array(fc.constantFrom("lost", "twice", "good"), { maxLength: 400 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 900 }),
      fc.integer({ min: 1, max: 63 }),
      losses,
      (length, window, fates) => {
        const sender = new GeneralBlockSender(bytesOf(length), { lengthMax: 29, window });
        const receiver = new GeneralBlockReceiver();
        let joined: Uint8Array | undefined;
        const hear = (block: GeneralBlock) => {
          joined ??= receiver.take(decodeApdu(encodeApdu(block)) as GeneralBlock).apdu;
        };
        let turns = 0;
        while (!joined) {
          expect(++turns).toBeLessThan(1000);
          for (const block of sender.next()) {
            const fate = fates.shift() ?? "good";
            if (fate === "lost") continue;
            hear(block);
            if (fate === "twice") hear(block);
          }
          sender.acknowledge(receiver.taken);
        }
        expect(asHex(joined)).toBe(asHex(bytesOf(length)));
        expect(sender.done).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});

test("a window streams, its last block asks for the acknowledgement, the last of all says so", () => {
  const sender = new GeneralBlockSender(bytesOf(50), { lengthMax: 19, window: 3 });
  const flags = (blocks: readonly GeneralBlock[]) =>
    blocks.map(({ block, streaming, last }) => [block, streaming, last]);
  expect(flags(sender.next())).toEqual([
    [1, true, false],
    [2, true, false],
    [3, false, false],
  ]);
  // Block 2 was lost: the receiver has one.
  sender.acknowledge(1);
  expect(flags(sender.next())).toEqual([
    [2, true, false],
    [3, true, false],
    [4, false, false],
  ]);
  sender.acknowledge(4);
  expect(flags(sender.next())).toEqual([[5, false, true]]);
  expect(() => sender.acknowledge(9)).toThrow(expect.objectContaining({ code: "dlms.block-number" }));
});

/** A meter behind general blocks that holds one long value and takes one. */
function line(pduLength: number) {
  const device = new DeviceAssociation(
    {
      authentication: { kind: "none" },
      conformance: encodeConformance(["get", "set", "general-block-transfer"]),
      maxReceivePduLength: 5000,
    },
    (request) => {
      if (request.kind === "set-request-normal") {
        return { kind: "set-response-normal", invoke: request.invoke, dataAccessResult: "success" };
      }
      if (request.kind !== "get-request-normal") return undefined;
      const data = { type: "octet-string", bytes: bytesOf(1000) } as const;
      return { kind: "get-response-normal", invoke: request.invoke, result: { ok: true, data } };
    },
  );
  const blocks = new GeneralBlockDevice(
    (apdu) => device.answer(apdu),
    () => pduLength,
  );
  const heard: Uint8Array[] = [];
  const link: ApduLink & { distort: (bytes: Uint8Array, count: number) => Uint8Array } = {
    distort: (bytes) => bytes,
    async connect() {},
    async close() {},
    async exchange(apdu) {
      heard.push(apdu);
      return link.distort((await blocks.answer(apdu)) ?? new Uint8Array(0), heard.length);
    },
  };
  return { link, heard };
}
const attribute = { classId: 1, obis: "0-0:96.1.0*255", attribute: 2 } as const;
const options = { authentication: { kind: "none" }, conformance: 0xffffff } as const;
const long = { type: "octet-string", bytes: bytesOf(1000) } as const;

test.each([64, 200, 900])("PDU %i: a long value comes and goes in general blocks", async (pduLength) => {
  const { link, heard } = line(pduLength);
  const meter = await DlmsClient.associate(new GeneralBlockLink(link, { lengthMax: pduLength }), options);
  expect(await meter.get(attribute)).toEqual({ ok: true, data: long });
  expect(await meter.set(attribute, long)).toEqual({ ok: true });
  expect(await meter.get(attribute)).toEqual({ ok: true, data: long });
  expect(Math.max(...heard.map((bytes) => bytes.length))).toBeLessThanOrEqual(pduLength);
});

test("an answer that repeats a block forever is given up with its number", async () => {
  const { link } = line(200);
  const meter = await DlmsClient.associate(new GeneralBlockLink(link, { lengthMax: 200 }), options);
  let held: Uint8Array | undefined;
  link.distort = (bytes) => {
    held ??= bytes;
    return held;
  };
  await expect(meter.get(attribute)).rejects.toMatchObject({ code: "dlms.block-number" });
});

test("a meter behind a gateway: its prefix both ways, and no answer of a neighbour", async () => {
  const { link } = line(5000);
  let address = hex("0017");
  const gateway: ApduLink = {
    connect: async () => {},
    close: async () => {},
    async exchange(bytes) {
      const request = decodeApdu(bytes);
      if (request.kind !== "gateway-request") throw new Error(request.kind);
      expect(asHex(request.address)).toBe("0017");
      const apdu = await link.exchange(request.apdu);
      return encodeApdu({ kind: "gateway-response", networkId: 2, address, apdu });
    },
  };
  const to = { networkId: 2, address: hex("0017") };
  const meter = await DlmsClient.associate(new GatewayLink(gateway, to), options);
  expect(await meter.get(attribute)).toEqual({ ok: true, data: long });
  address = hex("0018");
  await expect(meter.get(attribute)).rejects.toMatchObject({ code: "dlms.gateway" });
});

test("a notification is confirmed only where it asks for it", () => {
  const body = { type: "null" } as const;
  const asked = confirmationOf({ kind: "data-notification", longInvokeId: 0x4000_0007, body });
  expect(asked && asHex(encodeApdu(asked))).toBe("104000000700");
  expect(confirmationOf({ kind: "data-notification", longInvokeId: 7, body })).toBeUndefined();
});
