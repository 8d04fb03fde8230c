import type { MeterModel } from "./model.ts";

/** Dutch meters of DSMR 4. */
export const kaifaDsmr: MeterModel = {
  name: "kaifa-dsmr",
  title: "Kaifa MA105 and MA304 (DSMR 4)",
  manufacturer: "Kaifa",
  protocols: ["p1"],
  recognition: [{ manufacturer: "KFM", identification: "KAIFA-METER" }],
  identity: { cosem: [], readout: ["0-0:96.1.1"] },
  registers: [
    { obis: "1-0:1.8.1*255" },
    { obis: "1-0:1.8.2*255" },
    { obis: "1-0:2.8.1*255" },
    { obis: "1-0:2.8.2*255" },
    { obis: "1-0:1.7.0*255" },
    { obis: "1-0:2.7.0*255" },
    { obis: "1-0:21.7.0*255" },
    { obis: "1-0:22.7.0*255" },
    { obis: "1-0:41.7.0*255" },
    { obis: "1-0:42.7.0*255" },
    { obis: "1-0:61.7.0*255" },
    { obis: "1-0:62.7.0*255" },
    { obis: "1-0:31.7.0*255" },
    { obis: "1-0:51.7.0*255" },
    { obis: "1-0:71.7.0*255" },
  ],
  profiles: [],
  eventLogs: [],
  quirks: {},
  clockZone: "stamp",
  proof: ["telegram of a real meter, DSMR 4.2, with its failure log"],
};
