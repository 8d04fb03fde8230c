import { type DataValue, data } from "@energsys/protocols/dlms";
import { type CosemObject, clients, type Visit } from "./cosem-object.ts";
import { nameOctets, octets } from "./values.ts";

/** {2 16 756 5 8 1 1} logical names without ciphering, {2 16 756 5 8 2 0} no authentication, in their BER form. */
const contextName = Uint8Array.of(0x60, 0x85, 0x74, 0x05, 0x08, 0x01, 0x01);
const mechanismName = Uint8Array.of(0x60, 0x85, 0x74, 0x05, 0x08, 0x02, 0x00);
const dlmsVersion = 6;
const associated = 2;

/** Class 15 for the association that asks: every object with what this client may do to it. */
export function associationObject(logicalDevice: number, objects: () => readonly CosemObject[]): CosemObject {
  return {
    classId: 15,
    version: 1,
    obis: "0-0:40.0.0*255",
    attributes: {
      2: (visit) => data.array(...objects().map((object) => listElement(object, visit))),
      3: ({ client }) => data.structure(data.int8(clients[client]), data.uint16(logicalDevice)),
      4: () => octets(contextName),
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
          data.uint8(dlmsVersion),
          data.int8(0),
          octets(new Uint8Array(0)),
        );
      },
      6: () => octets(mechanismName),
      8: () => data.enum(associated),
      9: () => nameOctets("0-0:0.0.0*0"),
    },
  };
}

function listElement(object: CosemObject, visit: Visit): DataValue {
  const { classId, version, obis, attributes, writes = {}, methods = {}, selectors } = object;
  const manages = visit.client === "management";
  const numbers = [
    ...new Set([1, ...Object.keys(attributes).map(Number), ...Object.keys(writes).map(Number)]),
  ];
  const rights = numbers
    .sort((a, b) => a - b)
    .map((number) =>
      data.structure(
        data.int8(number),
        data.enum((number === 1 || attributes[number] ? 1 : 0) + (manages && writes[number] ? 2 : 0)),
        number === 2 && selectors ? data.array(...selectors.map((one) => data.int8(one))) : data.null,
      ),
    );
  const calls = Object.keys(methods).map((number) =>
    data.structure(data.int8(Number(number)), data.enum(manages ? 1 : 0)),
  );
  return data.structure(
    data.uint16(classId),
    data.uint8(version),
    nameOctets(obis),
    data.structure(data.array(...rights), data.array(...calls)),
  );
}
