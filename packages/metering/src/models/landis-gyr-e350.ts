import type { MeterModel } from "./model.ts";

/** Three-phase direct meter ZMF100. Its serial number is C.1.0; 0.0 is the operator's own number, often set. */
export const landisGyrE350: MeterModel = {
  name: "landis-gyr-e350",
  title: "Landis+Gyr E350 (ZMF100, ZCF100, ZFF100)",
  manufacturer: "Landis+Gyr",
  protocols: ["iec62056-21", "dlms"],
  recognition: [
    { manufacturer: "LGZ", identification: "ZMF100" },
    { manufacturer: "LGZ", identification: "ZCF100" },
    { manufacturer: "LGZ", identification: "ZFF100" },
  ],
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
  profiles: [
    // Only with the load profile option; a meter without it answers (ERROR), which reads as an empty profile.
    {
      obis: "1-0:99.1.0*255",
      iecAddress: "P.01",
      periodSeconds: 900,
      stamp: "end",
      status: "vdew",
      columns: [],
    },
  ],
  eventLogs: [{ obis: "1-0:99.98.0*255", iecAddress: "P.98", table: "vdew" }],
  quirks: {},
  clockZone: "stamp",
  proof: ["readouts of two real meters, identification ZMF100AC.M26 (no power in it) and ZMF100AC.M27"],
};
