import type { MeterModel } from "./model.ts";

/** Our own virtual DLMS meter; its own description of itself lives in the simulator and is not shared. */
export const energsysVirtualDlms: MeterModel = {
  name: "energsys-virtual-dlms",
  title: "ENERGSys virtual meter (DLMS)",
  manufacturer: "ENERGSys",
  protocols: ["dlms"],
  recognition: [{ manufacturer: "ENS", logicalDeviceName: "ENS" }],
  identity: { cosem: ["0-0:42.0.0*255"], readout: [] },
  registers: [
    { obis: "1-0:1.8.0*255" },
    { obis: "1-0:1.8.1*255" },
    { obis: "1-0:1.8.2*255" },
    { obis: "1-0:2.8.0*255" },
    { obis: "1-0:3.8.0*255" },
    { obis: "1-0:4.8.0*255" },
    { obis: "1-0:1.7.0*255" },
    { obis: "1-0:14.7.0*255" },
    { obis: "1-0:32.7.0*255" },
    { obis: "1-0:52.7.0*255" },
    { obis: "1-0:72.7.0*255" },
    { obis: "1-0:31.7.0*255" },
    { obis: "1-0:51.7.0*255" },
    { obis: "1-0:71.7.0*255" },
  ],
  profiles: [{ obis: "1-0:99.1.0*255", periodSeconds: 900, stamp: "end", status: "idis", columns: [] }],
  eventLogs: [
    { obis: "0-0:99.98.0*255", table: "idis" },
    { obis: "0-0:99.98.1*255", table: "idis" },
    { obis: "0-0:99.98.2*255", table: "idis" },
    { obis: "0-0:99.98.4*255", table: "idis" },
  ],
  quirks: {},
  clockZone: "stamp",
  proof: ["own only: proven between our two halves"],
};
