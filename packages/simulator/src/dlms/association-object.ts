import { type DataValue, data } from "@energsys/protocols/dlms";
import { type CosemObject, refused } from "./cosem-object.ts";
import { nameOctets, octets, octetText } from "./values.ts";

interface AssociationFacts {
  readonly client: number;
  /** 0 none, 1 low. */
  readonly mechanism: 0 | 1;
  readonly conformance: number;
  readonly pduLength: number;
  readonly deviceName: string;
}

/** The objects of an association together with those that describe it: itself and the list of logical devices. */
export function associationObjects(visible: readonly CosemObject[], facts: AssociationFacts): CosemObject[] {
  const objects: CosemObject[] = [...visible];
  objects.unshift({
    classId: 15,
    version: 0,
    obis: "0-0:40.0.0*255",
    open: true,
    attributes: {
      2: () => data.array(...objects.map(listElement)),
      3: () => data.structure(data.int8(facts.client), data.uint16(1)),
      // {2 16 756 5 8 1 1} and {2 16 756 5 8 2 mechanism} in their BER form.
      4: () => octets(Uint8Array.of(0x60, 0x85, 0x74, 0x05, 0x08, 0x01, 0x01)),
      5: () =>
        data.structure(
          { type: "bit-string", bits: 24, bytes: conformanceBytes(facts.conformance) },
          data.uint16(facts.pduLength),
          data.uint16(facts.pduLength),
          data.uint8(6),
          data.int8(0),
          octets(new Uint8Array(0)),
        ),
      6: () => octets(Uint8Array.of(0x60, 0x85, 0x74, 0x05, 0x08, 0x02, facts.mechanism)),
      // The secret is there for the client that may write it, never to be read.
      7: () => refused.readWriteDenied,
      8: () => data.enum(2),
    },
    hidden: [7],
  });
  objects.push({
    classId: 17,
    version: 0,
    obis: "0-0:41.0.0*255",
    open: true,
    attributes: { 2: () => data.array(data.structure(data.uint16(1), octetText(facts.deviceName))) },
  });
  return objects;
}

const conformanceBytes = (block: number) => Uint8Array.of(block >> 16, block >> 8, block);

function listElement(object: CosemObject): DataValue {
  const selectors = object.selectors;
  const attributes = [1, ...Object.keys(object.attributes).map(Number)].map((attribute) =>
    data.structure(
      data.int8(attribute),
      data.enum(object.hidden?.includes(attribute) ? 0 : 1),
      attribute === 2 && selectors
        ? data.array(...selectors.map((selector) => data.int8(selector)))
        : data.null,
    ),
  );
  return data.structure(
    data.uint16(object.classId),
    data.uint8(object.version),
    nameOctets(object.obis),
    data.structure(data.array(...attributes), data.array()),
  );
}
