import type { MeterModel } from "./model.ts";

/** Any DLMS meter: what it has is read from the association's object list. */
export const genericDlms: MeterModel = {
  name: "generic-dlms",
  title: "DLMS/COSEM meter",
  manufacturer: "",
  protocols: ["dlms"],
  recognition: [],
  identity: { cosem: ["0-0:42.0.0*255", "0-0:96.1.0*255"], readout: [] },
  registers: "all",
  profiles: [{ obis: "1-0:99.1.0*255", periodSeconds: 900, stamp: "end", status: "idis", columns: [] }],
  eventLogs: [
    { obis: "0-0:99.98.0*255", table: "idis" },
    { obis: "0-0:99.98.1*255", table: "idis" },
    { obis: "0-0:99.98.2*255", table: "idis" },
    { obis: "0-0:99.98.4*255", table: "idis" },
  ],
  quirks: {},
  clockZone: "stamp",
  proof: [
    "recorded sessions of the server example of GuruxDLMS.c: HDLC and wrapper, without security and with a password",
  ],
};
