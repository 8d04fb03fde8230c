import type { MeterModel } from "./model.ts";

/** Three-phase meter of the Dutch kind: customer port P1, DLMS over GPRS. */
export const iskraMt382: MeterModel = {
  name: "iskra-mt382",
  title: "ISKRA MT382",
  manufacturer: "ISKRA",
  protocols: ["p1", "iec62056-21", "dlms"],
  recognition: [{ manufacturer: "ISK", identification: "MT382" }],
  identity: { cosem: ["0-0:42.0.0*255"], readout: ["0-0:96.1.1", "C.1.0", "0.0.0"] },
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
    { obis: "1-0:32.7.0*255" },
    { obis: "1-0:52.7.0*255" },
    { obis: "1-0:72.7.0*255" },
    { obis: "1-0:31.7.0*255" },
    { obis: "1-0:51.7.0*255" },
    { obis: "1-0:71.7.0*255" },
  ],
  profiles: [{ obis: "1-0:99.1.0*255", periodSeconds: 900, stamp: "end", status: "dutch-smr", columns: [] }],
  eventLogs: [{ obis: "0-0:99.98.0*255", table: "dutch-smr" }],
  quirks: {},
  clockZone: "stamp",
  proof: [
    "P1 telegrams of DSMR 2.2, 3 and 5",
    "profile and log as the Dutch requirements have them: not tried",
  ],
};
