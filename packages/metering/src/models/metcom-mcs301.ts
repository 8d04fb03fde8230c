import type { MeterModel } from "./model.ts";

/** Four-quadrant meter for industry: VDEW profile of power, or power and registers; log with codes of its own. */
export const metcomMcs301: MeterModel = {
  name: "metcom-mcs301",
  title: "MetCom MCS301",
  manufacturer: "MetCom",
  protocols: ["iec62056-21"],
  recognition: [
    { manufacturer: "MCS", identification: "V005" },
    { manufacturer: "MCS", identification: "005" },
  ],
  identity: { cosem: [], readout: ["0.0.0"] },
  registers: [
    { obis: "1-0:1.8.0*255" },
    { obis: "1-0:2.8.0*255" },
    { obis: "1-0:5.8.0*255" },
    { obis: "1-0:6.8.0*255" },
    { obis: "1-0:7.8.0*255" },
    { obis: "1-0:8.8.0*255" },
  ],
  profiles: [
    {
      obis: "1-0:99.1.0*255",
      iecAddress: "P.01",
      periodSeconds: 900,
      stamp: "end",
      status: "metcom",
      columns: [],
    },
  ],
  eventLogs: [{ obis: "1-0:99.98.0*255", iecAddress: "P.98", table: "metcom", codeAddress: "0-0:C.11.0" }],
  quirks: {},
  clockZone: "stamp",
  readoutClock: { time: "0.9.1", date: "0.9.2" },
  proof: [
    "load profiles of two real meters (6 and 12 channels), operating log, readout with history; its identification is from notes beside them",
  ],
};
