import { type DataValue, data } from "@energsys/protocols/dlms";
import { type CosemObject, done, failed } from "../dlms/cosem-object.ts";
import { nameOctets, octets, octetText } from "../dlms/values.ts";
import type { Visit } from "../dlms/visit.ts";
import { securitySetupObis } from "./security-setup.ts";

export const currentAssociationObis = "0-0:40.0.0*255";
const replyToHls = 1;

/** Class 15: the association that stands, with what its client may do to each object. */
export const associationLn: CosemObject = {
  classId: 15,
  version: 1,
  obis: currentAssociationObis,
  open: true,
  attributes: {
    2: (visit) => data.array(...visit.objects.map((object) => listElement(object, visit))),
    3: ({ client }) => data.structure(data.int8(client), data.uint16(1)),
    // {2 16 756 5 8 1 context} and {2 16 756 5 8 2 mechanism} in their BER form.
    4: ({ ciphered }) => octets(Uint8Array.of(0x60, 0x85, 0x74, 0x05, 0x08, 0x01, ciphered ? 3 : 1)),
    5: (visit) => {
      const { conformance, clientMaxReceivePduLength: length } = visit.agreed();
      return data.structure(
        {
          type: "bit-string",
          bits: 24,
          bytes: Uint8Array.of(conformance >> 16, conformance >> 8, conformance),
        },
        data.uint16(length),
        data.uint16(length),
        data.uint8(6),
        data.int8(0),
        octets(new Uint8Array(0)),
      );
    },
    6: ({ mechanism }) => octets(Uint8Array.of(0x60, 0x85, 0x74, 0x05, 0x08, 0x02, mechanism)),
    8: () => data.enum(2),
    9: ({ device }) => nameOctets(device.security ? securitySetupObis : "0-0:0.0.0*0"),
  },
  writes: {
    // The password of the association itself: there for who may write it, never to be read.
    7: ({ device, mechanism }, value) => {
      if (mechanism !== 1) return "read-write-denied";
      if (value.type !== "octet-string" || value.bytes.length === 0) return "type-unmatched";
      device.password = value.bytes;
      device.meter.record("parameter-changed");
      return "success";
    },
  },
  methods: {
    // Asked outside of its place in the handshake.
    [replyToHls]: () => failed("read-write-denied"),
    2: ({ device, mechanism }, parameters) => {
      if (mechanism < 2) return failed("read-write-denied");
      if (parameters?.type !== "octet-string" || parameters.bytes.length === 0)
        return failed("type-unmatched");
      device.secret = parameters.bytes;
      device.meter.record("parameter-changed");
      return done;
    },
  },
};

/** Class 17: the logical devices behind this address; a meter is one. */
export const sapAssignment: CosemObject = {
  classId: 17,
  version: 0,
  obis: "0-0:41.0.0*255",
  open: true,
  attributes: {
    2: ({ device }) => data.array(data.structure(data.uint16(1), octetText(device.claim.identity))),
  },
};

/** What the client of a visit may do to an object: an array for its attributes and one for its methods. */
export function accessRights(object: CosemObject, { role }: Visit): [DataValue, DataValue] {
  const { attributes, writes = {}, methods = {}, selectors } = object;
  const manages = role === "manager";
  const numbers = [
    ...new Set([1, ...Object.keys(attributes).map(Number), ...Object.keys(writes).map(Number)]),
  ];
  const rights = numbers
    .sort((a, b) => a - b)
    .map((number) =>
      data.structure(
        data.int8(number),
        data.enum((number === 1 || attributes[number] ? 1 : 0) + (manages && writes[number] ? 2 : 0)),
        number === 2 && selectors
          ? data.array(...selectors.map((selector) => data.int8(selector)))
          : data.null,
      ),
    );
  const calls = Object.keys(methods).map((number) =>
    data.structure(data.int8(Number(number)), data.enum(manages ? 1 : 0)),
  );
  return [data.array(...rights), data.array(...calls)];
}

const listElement = (object: CosemObject, visit: Visit): DataValue =>
  data.structure(
    data.uint16(object.classId),
    data.uint8(object.version),
    nameOctets(object.obis),
    data.structure(...accessRights(object, visit)),
  );
