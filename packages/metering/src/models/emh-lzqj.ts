import type { MeterModel } from "./model.ts";

/** Four-quadrant meter for industry with VDEW profile and logs; its status has 32 bits. */
export const emhLzqj: MeterModel = {
  name: "emh-lzqj",
  title: "EMH LZQJ",
  manufacturer: "EMH",
  protocols: ["iec62056-21"],
  recognition: [{ manufacturer: "EMH", identification: "01LZQJ" }],
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
      status: "emh-lzqj",
      columns: [
        { obis: "1-0:1.5.0*255", kind: "demand", unit: "kW" },
        { obis: "1-0:2.5.0*255", kind: "demand", unit: "kW" },
        { obis: "1-0:5.5.0*255", kind: "demand", unit: "kvar" },
        { obis: "1-0:6.5.0*255", kind: "demand", unit: "kvar" },
        { obis: "1-0:7.5.0*255", kind: "demand", unit: "kvar" },
        { obis: "1-0:8.5.0*255", kind: "demand", unit: "kvar" },
      ],
    },
  ],
  eventLogs: [{ obis: "1-0:99.98.0*255", iecAddress: "P.98", table: "emh-lzqj" }],
  quirks: {},
  clockZone: "stamp",
  readoutClock: { time: "0.9.1", date: "0.9.2" },
  proof: [
    "load profile answers of real meters, one with two headers, and an operating log; its identification is from notes beside them",
  ],
};
