import { createHash } from "node:crypto";
import { data } from "@energsys/protocols/dlms";
import { type CosemObject, done, failed } from "../dlms/cosem-object.ts";
import type { MeterDevice } from "../dlms/meter-device.ts";
import { octets } from "../dlms/values.ts";

export const imageTransferObis = "0-0:44.0.0*255";
const blockLength = 128;
const imageLengthMax = 256 * 1024;
const digestLength = 32;

/** Status of class 18. */
const status = { none: 0, initiated: 1, verified: 3, notVerified: 4, activated: 6, notActivated: 7 } as const;

interface Transfer {
  readonly identifier: Uint8Array;
  readonly image: Uint8Array;
  readonly received: Uint8Array;
  status: (typeof status)[keyof typeof status];
}

const transfers = new WeakMap<MeterDevice, Transfer>();
const disabled = new WeakSet<MeterDevice>();
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

const firstMissing = ({ received }: Transfer): number => {
  const at = received.indexOf(0);
  return at < 0 ? received.length : at;
};

const signatureOf = ({ image }: Transfer): Uint8Array => image.subarray(image.length - digestLength);

/**
 * An image of our maker: the line `ENSFW version`, whatever the firmware is, and the SHA-256 of all that in the last 32
 * bytes. Gives the version, or `undefined` when it is none or damaged.
 */
function versionOf({ image }: Transfer): string | undefined {
  if (image.length <= digestLength) return undefined;
  const digest = createHash("sha256").update(image.subarray(0, -digestLength)).digest();
  if (!digest.equals(image.subarray(-digestLength))) return undefined;
  return /^ENSFW ([\w.-]{1,16})\n/.exec(latin1(image.subarray(0, 64)))?.[1];
}

/** Puts a verified image in force: the firmware version is its own from now on. */
export function activateImage(device: MeterDevice): boolean {
  const transfer = transfers.get(device);
  const version = transfer?.status === status.verified ? versionOf(transfer) : undefined;
  if (!transfer || version === undefined) {
    if (transfer) transfer.status = status.notActivated;
    return false;
  }
  transfer.status = status.activated;
  device.firmware = version;
  device.meter.record("firmware-activated");
  return true;
}

/** Class 18: initiate, blocks in any order and again where they were lost, verify, activate. */
export const imageTransfer: CosemObject = {
  classId: 18,
  version: 0,
  obis: imageTransferObis,
  attributes: {
    2: () => data.uint32(blockLength),
    3: ({ device }) => {
      const received = transfers.get(device)?.received ?? new Uint8Array(0);
      const bytes = new Uint8Array(Math.ceil(received.length / 8));
      received.forEach((there, n) => {
        if (there) bytes[n >> 3] = (bytes[n >> 3] as number) | (0x80 >> (n & 7));
      });
      return { type: "bit-string", bits: received.length, bytes };
    },
    4: ({ device }) => {
      const transfer = transfers.get(device);
      return data.uint32(transfer ? firstMissing(transfer) : 0);
    },
    5: ({ device }) => data.boolean(!disabled.has(device)),
    6: ({ device }) => data.enum(transfers.get(device)?.status ?? status.none),
    7: ({ device }) => {
      const transfer = transfers.get(device);
      if (transfer?.status !== status.verified) return data.array();
      return data.array(
        data.structure(
          data.uint32(transfer.image.length),
          octets(transfer.identifier),
          octets(signatureOf(transfer)),
        ),
      );
    },
  },
  writes: {
    5: ({ device }, value) => {
      if (value.type !== "boolean") return "type-unmatched";
      if (value.value) disabled.delete(device);
      else disabled.add(device);
      return "success";
    },
  },
  methods: {
    1: ({ device }, parameters) => {
      const [identifier, size] = parameters?.type === "structure" ? parameters.items : [];
      if (identifier?.type !== "octet-string" || size?.type !== "uint32") return failed("type-unmatched");
      if (disabled.has(device) || size.value === 0 || size.value > imageLengthMax)
        return failed("other-reason");
      transfers.set(device, {
        identifier: identifier.bytes.slice(),
        image: new Uint8Array(size.value),
        received: new Uint8Array(Math.ceil(size.value / blockLength)),
        status: status.initiated,
      });
      return done;
    },
    2: ({ device }, parameters) => {
      const transfer = transfers.get(device);
      const [number, block] = parameters?.type === "structure" ? parameters.items : [];
      if (number?.type !== "uint32" || block?.type !== "octet-string") return failed("type-unmatched");
      if (transfer?.status !== status.initiated) return failed("other-reason");
      const from = number.value * blockLength;
      const length = Math.min(blockLength, transfer.image.length - from);
      if (length <= 0 || block.bytes.length !== length) return failed("other-reason");
      transfer.image.set(block.bytes, from);
      transfer.received[number.value] = 1;
      return done;
    },
    3: ({ device }) => {
      const transfer = transfers.get(device);
      if (!transfer || transfer.status === status.activated) return failed("other-reason");
      const whole = firstMissing(transfer) === transfer.received.length;
      // An image that is not all there stays open for its missing blocks.
      if (!whole) return failed("other-reason");
      const good = versionOf(transfer) !== undefined;
      transfer.status = good ? status.verified : status.notVerified;
      if (good) device.meter.record("firmware-ready");
      return good ? done : failed("other-reason");
    },
    4: ({ device }) => (activateImage(device) ? done : failed("other-reason")),
  },
};
