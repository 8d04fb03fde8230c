import type { MeterModel } from "./model.ts";

/** The same hardware on Norwegian customer interfaces, with the firmware of an integrator. */
export const landisGyrE350Han: MeterModel = {
  name: "landis-gyr-e350-han",
  title: "Landis+Gyr E350 (ZMF100, Norway)",
  manufacturer: "Landis+Gyr",
  protocols: ["dlms"],
  recognition: [{ manufacturer: "LGZ", listName: "EMBRIQ_V", product: "ZMF1" }],
  identity: { cosem: ["0-0:96.1.0*255"], readout: [] },
  registers: [
    { obis: "1-0:1.8.0*255" },
    { obis: "1-0:2.8.0*255" },
    { obis: "1-0:3.8.0*255" },
    { obis: "1-0:4.8.0*255" },
    { obis: "1-0:1.7.0*255" },
    { obis: "1-0:2.7.0*255" },
    { obis: "1-0:3.7.0*255" },
    { obis: "1-0:4.7.0*255" },
    { obis: "1-0:32.7.0*255" },
    { obis: "1-0:52.7.0*255" },
    { obis: "1-0:72.7.0*255" },
    { obis: "1-0:31.7.0*255" },
    { obis: "1-0:51.7.0*255" },
    { obis: "1-0:71.7.0*255" },
  ],
  profiles: [],
  eventLogs: [],
  quirks: {
    pushedCodes: {
      value: {
        "0-0:1.8.": "1-0:1.8.",
        "0-0:2.8.": "1-0:2.8.",
        "0-0:3.8.": "1-0:3.8.",
        "0-0:4.8.": "1-0:4.8.",
      },
      reason:
        "the energies of its list are coded as abstract objects; three codes have tag and length swapped besides",
    },
  },
  clockZone: "configured",
  proof: ["push of a real meter, whose frame has a wrong check"],
};
