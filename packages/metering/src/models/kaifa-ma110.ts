import type { MeterModel } from "./model.ts";

/** Austrian meters (MA110M, MA309M): a ciphered list by M-Bus frames at the customer interface, described by codes. */
export const kaifaMa110: MeterModel = {
  name: "kaifa-ma110",
  title: "Kaifa MA110M and MA309M (Austria)",
  manufacturer: "Kaifa",
  protocols: ["dlms"],
  recognition: [{ manufacturer: "KFM", logicalDeviceName: "KFM1", byTitle: true }],
  identity: { cosem: ["0-0:42.0.0*255", "0-0:96.1.0*255"], readout: [] },
  registers: [
    { obis: "1-0:1.8.0*255" },
    { obis: "1-0:2.8.0*255" },
    { obis: "1-0:3.8.0*255" },
    { obis: "1-0:4.8.0*255" },
    { obis: "1-0:1.7.0*255" },
    { obis: "1-0:2.7.0*255" },
    { obis: "1-0:13.7.0*255", unit: "1" },
    { obis: "1-0:32.7.0*255" },
    { obis: "1-0:52.7.0*255" },
    { obis: "1-0:72.7.0*255" },
    { obis: "1-0:31.7.0*255" },
    { obis: "1-0:51.7.0*255" },
    { obis: "1-0:71.7.0*255" },
  ],
  profiles: [],
  eventLogs: [],
  quirks: {},
  clockZone: "stamp",
  proof: ["pushes of real meters of three networks, ciphered (encryption only) and in the clear"],
};
