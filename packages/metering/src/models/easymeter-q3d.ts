import type { MeterModel } from "./model.ts";

/** Three-phase meter that sends by itself at its customer port, with seven decimals. */
export const easymeterQ3d: MeterModel = {
  name: "easymeter-q3d",
  title: "EasyMeter Q3D",
  manufacturer: "EasyMeter",
  protocols: ["p1", "iec62056-21"],
  recognition: [{ manufacturer: "ESY", identification: "Q3D" }],
  identity: { cosem: [], readout: ["1-0:0.0.0"] },
  registers: [
    { obis: "1-0:1.8.0*255" },
    { obis: "1-0:1.7.0*255" },
    { obis: "1-0:21.7.0*255" },
    { obis: "1-0:41.7.0*255" },
    { obis: "1-0:61.7.0*255" },
  ],
  profiles: [],
  eventLogs: [],
  quirks: {},
  clockZone: "configured",
  proof: ["telegram of a real meter, identification Q3DA1004 V3.04"],
};
