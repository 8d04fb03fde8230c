import { type DataValue, data } from "@energsys/protocols/dlms";
import { type CosemObject, done, failed } from "../dlms/cosem-object.ts";
import type { MeterDevice } from "../dlms/meter-device.ts";
import type { Shape } from "../dlms/shape.ts";
import { stored, storedAttributes } from "../dlms/stored.ts";
import { nameOctets, octets } from "../dlms/values.ts";

export const pushSetupObis = "0-0:25.9.0*255";
const place = (attribute: number) => `${pushSetupObis}/${attribute}`;

const listShape: Shape = { arrayOf: { structure: ["uint16", "octet-string", "int8", "uint16"] }, most: 32 };
const destinationShape: Shape = { structure: ["enum", "octet-string", "enum"] };
const element = (classId: number, obis: string): DataValue =>
  data.structure(data.uint16(classId), nameOctets(obis), data.int8(2), data.uint16(0));

const initialList = data.array(
  element(1, "0-0:42.0.0*255"),
  element(8, "0-0:1.0.0*255"),
  element(3, "1-0:1.8.0*255"),
);
const tcp = 0;
const initialDestination = data.structure(data.enum(tcp), octets(new Uint8Array(0)), data.enum(0));

const kept = storedAttributes({
  2: stored(place(2), listShape, initialList),
  // TCP with A-XDR is what a virtual meter can do; the address is host:port, or empty for the line it called in on.
  3: stored(place(3), destinationShape, initialDestination, (_, value) => {
    const [transport, address, message] = value.type === "structure" ? value.items : [];
    const good =
      transport?.type === "enum" &&
      transport.value === tcp &&
      message?.type === "enum" &&
      message.value === 0 &&
      address?.type === "octet-string" &&
      (address.bytes.length === 0 || findAddress(address.bytes) !== undefined);
    return good ? undefined : "other-reason";
  }),
  4: stored(place(4), { arrayOf: { structure: ["octet-string", "octet-string"] } }, data.array()),
  5: stored(place(5), "uint16", data.uint16(0)),
  6: stored(place(6), "uint8", data.uint8(2)),
  7: stored(place(7), "uint16", data.uint16(10)),
});

export interface PushAddress {
  readonly host: string;
  readonly port: number;
}

function findAddress(bytes: Uint8Array): PushAddress | undefined {
  const match = /^([0-9A-Za-z.-]{1,64}):(\d{1,5})$/.exec(Buffer.from(bytes).toString("latin1"));
  const port = Number(match?.[2]);
  return match && port > 0 && port < 65_536 ? { host: match[1] as string, port } : undefined;
}

/** What is pushed: the values of the listed attributes, in their order. @returns whether there was a way out */
export function push(device: MeterDevice): boolean {
  const list = device.kept(place(2)) ?? initialList;
  const destination = device.kept(place(3)) ?? initialDestination;
  const address =
    destination.type === "structure" && destination.items[1]?.type === "octet-string"
      ? findAddress(destination.items[1].bytes)
      : undefined;
  const number = (attribute: number, missing: number) => {
    const value = device.kept(place(attribute));
    return value && "value" in value ? Number(value.value) : missing;
  };
  return device.push(list, {
    ...(address && { address }),
    retries: number(6, 2),
    repeatMs: number(7, 10) * 1000,
  });
}

/** Class 40: a push on command, by its script, at its schedule. */
export const pushSetup: CosemObject = {
  classId: 40,
  version: 0,
  obis: pushSetupObis,
  attributes: kept.attributes,
  writes: kept.writes,
  methods: { 1: ({ device }) => (push(device) ? done : failed("temporary-failure")) },
};
