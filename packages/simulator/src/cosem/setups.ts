import { data } from "@energsys/protocols/dlms";
import type { CosemObject } from "../dlms/cosem-object.ts";
import { octets, octetText } from "../dlms/values.ts";

/** Class 19: the optical port. Rates by the numbers of the standard: 0 = 300, 5 = 9600. Passwords are not shown. */
export const localPort: CosemObject = {
  classId: 19,
  version: 1,
  obis: "0-0:20.0.0*255",
  attributes: {
    2: () => data.enum(1),
    3: () => data.enum(0),
    4: () => data.enum(5),
    5: () => data.enum(1),
    6: ({ device }) => octetText(device.claim.serial),
    7: () => octets(new Uint8Array(0)),
    8: () => octets(new Uint8Array(0)),
    9: () => octets(new Uint8Array(0)),
  },
};

/** Class 23: what the HDLC line of this meter takes. */
export const hdlcSetup: CosemObject = {
  classId: 23,
  version: 1,
  obis: "0-0:22.0.0*255",
  attributes: {
    2: () => data.enum(5),
    3: ({ device }) => data.uint8(device.meter.hdlc.windowMax),
    4: ({ device }) => data.uint8(device.meter.hdlc.windowMax),
    5: ({ device }) => data.uint16(device.meter.hdlc.informationLengthMax),
    6: ({ device }) => data.uint16(device.meter.hdlc.informationLengthMax),
    7: () => data.uint16(25),
    8: () => data.uint16(120),
    9: ({ device }) => data.uint16(device.meter.hdlc.physical),
  },
};

/** Class 41: the wrapper's own port, and one connection at a time. */
export const tcpUdpSetup: CosemObject = {
  classId: 41,
  version: 0,
  obis: "0-0:25.0.0*255",
  attributes: {
    2: () => data.uint16(4059),
    3: () => octets(Uint8Array.of(0, 0, 25, 1, 0, 255)),
    4: () => data.uint16(1460),
    5: () => data.uint8(1),
    6: () => data.uint16(180),
  },
};
