import type { MeterModel } from "./model.ts";

/** Three-phase meter for direct connection, two tariffs, both directions; no clock in its readout. */
export const landisGyrZmd120: MeterModel = {
  name: "landis-gyr-zmd120",
  title: "Landis+Gyr ZMD120",
  manufacturer: "Landis+Gyr",
  protocols: ["iec62056-21"],
  recognition: [
    { manufacturer: "LGZ", identification: "ZMD120" },
    // The recorder lost the backslash of the pair before it.
    { manufacturer: "LGZ", identification: "2ZMD120" },
  ],
  identity: { cosem: [], readout: ["0.0.0"] },
  registers: [
    { obis: "1-0:1.8.0*255" },
    { obis: "1-0:1.8.1*255" },
    { obis: "1-0:1.8.2*255" },
    { obis: "1-0:2.8.0*255" },
    { obis: "1-0:2.8.1*255" },
    { obis: "1-0:2.8.2*255" },
  ],
  profiles: [],
  eventLogs: [],
  quirks: {},
  clockZone: "configured",
  proof: ["readout of a real meter, identification ZMD120APt.G03"],
};
