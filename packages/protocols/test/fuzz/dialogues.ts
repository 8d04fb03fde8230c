import type { Ciphers } from "@energsys/protocols";
import {
  type ApduLink,
  type ConformanceName,
  countersInMemory,
  DeviceAssociation,
  type DeviceObjects,
  DlmsClient,
  encodeConformance,
  type SecuritySettings,
  ShortNameClient,
  serveObjects,
} from "@energsys/protocols/dlms";
import { bytesOfHex } from "./seeds.ts";

// Dialogues with a hostile other side: a device hears the input, a client gets it for answers.

const services: ConformanceName[] = [
  "general-protection",
  "general-block-transfer",
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

const objects: DeviceObjects = {
  get: ({ attribute }) =>
    attribute.attribute < 1 || attribute.attribute > 4
      ? { ok: false, dataAccessResult: "object-undefined" }
      : { ok: true, data: { type: "octet-string", bytes: new Uint8Array(attribute.attribute * 80) } },
  set: ({ attribute }) => (attribute.attribute > 4 ? "read-write-denied" : "success"),
  action: (_method, parameters) =>
    parameters
      ? { actionResult: "success", result: { ok: true, data: parameters } }
      : { actionResult: "success" },
};

const settings = (ciphers: Ciphers): SecuritySettings => ({
  suite: 0,
  encryptionKey: new Uint8Array(16),
  authenticationKey: new Uint8Array(16),
  systemTitle: bytesOfHex("4D4D4D0000BC614E"),
  counters: countersInMemory(1),
  ciphers,
});

const device = (security?: SecuritySettings) =>
  new DeviceAssociation(
    {
      authentication: security ? { kind: "high", mechanism: 5 } : { kind: "none" },
      ...(security && { security }),
      conformance: encodeConformance(services),
      maxReceivePduLength: 256,
    },
    serveObjects(objects),
  );

const aarq = bytesOfHex("601DA109060760857405080101BE10040E01000000065F1F0400405E7D0100");

/** A device before and in an association, and one that ciphers: each hears the input. */
export async function deviceHears(bytes: Uint8Array, ciphers: Ciphers): Promise<number> {
  const plain = device();
  let length = (await plain.answer(bytes))?.length ?? 0;
  await plain.answer(aarq);
  // Twice: the second request meets what the first one began.
  for (let time = 0; time < 2; time++) length += (await plain.answer(bytes))?.length ?? 0;
  return length + ((await device(settings(ciphers)).answer(bytes))?.length ?? 0);
}

/** A link whose answers are the input, cut by a length byte before each. */
function answering(bytes: Uint8Array, first: Uint8Array): ApduLink {
  let at = 0;
  let begun = false;
  return {
    connect: async () => {},
    close: async () => {},
    exchange: async () => {
      if (!begun) {
        begun = true;
        return first;
      }
      const length = bytes[at] ?? 0;
      const answer = bytes.slice(at + 1, at + 1 + length);
      at += 1 + length;
      return answer;
    },
  };
}

const aareLogical = bytesOfHex(
  "6129A109060760857405080101A203020100A305A103020100BE10040E0800065F1F040000FE5F01000007",
);
const aareShort = bytesOfHex(
  "6129A109060760857405080102A203020100A305A103020100BE10040E0800065F1F04001C03200400FA00",
);

/** Asks of a client, each of whose answers comes from the input. */
export async function clientHears(bytes: Uint8Array): Promise<void> {
  const none = { kind: "none" } as const;
  const attribute = { classId: 7, obis: "1-0:99.1.0*255", attribute: 2 } as const;
  await swallow(async () => {
    const client = await DlmsClient.associate(answering(bytes, aareLogical), { authentication: none });
    await swallow(() => client.get(attribute));
    await swallow(() => client.getList([attribute, { ...attribute, attribute: 3 }]));
    await swallow(() => client.set(attribute, { type: "octet-string", bytes: new Uint8Array(300) }));
    await swallow(() => client.action({ classId: 70, obis: "0-0:96.3.10*255", method: 1 }));
    await client.release();
  });
  await swallow(async () => {
    const client = await ShortNameClient.associate(answering(bytes, aareShort), { authentication: none });
    await swallow(() => client.get(attribute));
    await client.release();
  });
}

/** An answer that is refused is what a client is for: only other errors matter. */
async function swallow(ask: () => Promise<unknown>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (!(error instanceof Error && error.name === "LinkError")) throw error;
  }
}
