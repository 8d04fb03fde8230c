import type { MeterModel } from "./model.ts";

/** Three-phase meter of the IDIS family; its push comes in blocks, ciphered, with neither units nor scalers. */
export const landisGyrE450: MeterModel = {
  name: "landis-gyr-e450",
  title: "Landis+Gyr E450",
  manufacturer: "Landis+Gyr",
  protocols: ["dlms"],
  recognition: [{ manufacturer: "LGZ", byTitle: true }],
  identity: { cosem: ["0-0:42.0.0*255"], readout: [] },
  registers: [
    { obis: "1-0:1.8.0*255", unit: "Wh" },
    { obis: "1-0:1.8.1*255", unit: "Wh" },
    { obis: "1-0:1.8.2*255", unit: "Wh" },
    { obis: "1-0:2.8.0*255", unit: "Wh" },
    { obis: "1-0:2.8.1*255", unit: "Wh" },
    { obis: "1-0:2.8.2*255", unit: "Wh" },
    { obis: "1-0:3.8.0*255", unit: "varh" },
    { obis: "1-0:3.8.1*255", unit: "varh" },
    { obis: "1-0:3.8.2*255", unit: "varh" },
    { obis: "1-0:4.8.0*255", unit: "varh" },
    { obis: "1-0:4.8.1*255", unit: "varh" },
    { obis: "1-0:4.8.2*255", unit: "varh" },
    { obis: "1-0:1.7.0*255", unit: "W" },
    { obis: "1-0:2.7.0*255", unit: "W" },
    { obis: "1-0:3.7.0*255", unit: "var" },
    { obis: "1-0:4.7.0*255", unit: "var" },
  ],
  profiles: [
    { obis: "1-0:99.1.0*255", periodSeconds: 900, stamp: "end", status: "idis", columns: [] },
    { obis: "1-0:99.2.0*255", periodSeconds: 86_400, stamp: "end", status: "idis", columns: [] },
  ],
  eventLogs: [
    { obis: "0-0:99.98.0*255", table: "idis" },
    { obis: "0-0:99.98.1*255", table: "idis" },
    { obis: "0-0:99.98.2*255", table: "idis" },
    { obis: "0-0:99.98.4*255", table: "idis" },
  ],
  quirks: {},
  clockZone: "stamp",
  proof: [
    "ciphered push of a real meter, in three blocks of a general block transfer",
    "profile and logs as the IDIS profile has them: not tried",
  ],
};
