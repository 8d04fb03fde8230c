import type { MeterModel } from "./model.ts";

/** Three-phase direct meter ZMF100. Its serial number is C.1.0; 0.0 is the operator's own number, often set. */
export const landisGyrZmf100: MeterModel = {
  name: "landis-gyr-zmf100",
  title: "Landis+Gyr ZMF100 (E350 to firmware M26)",
  manufacturer: "Landis+Gyr",
  protocols: ["iec62056-21", "dlms"],
  recognition: [{ manufacturer: "LGZ", identification: "ZMF100", logicalDeviceName: "LGZ" }],
  identity: { cosem: ["0-0:42.0.0*255"], readout: ["C.1.0", "0.0"] },
  registers: [
    { obis: "1-0:1.8.0*255" },
    { obis: "1-0:1.8.1*255" },
    { obis: "1-0:1.8.2*255" },
    { obis: "1-0:2.8.0*255" },
    { obis: "1-0:2.8.1*255" },
    { obis: "1-0:2.8.2*255" },
    { obis: "1-0:15.8.0*255" },
    { obis: "1-0:16.7.0*255" },
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
  clockZone: "configured",
  proof: ["readout of a real meter, identification ZMF100AC.M26; plain DLMS push of a ZMF1"],
};
