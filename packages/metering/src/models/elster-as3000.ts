import type { MeterModel } from "./model.ts";

/** Three-phase meters of Elster with the maker's software of version 10; the load curve is an option. */
export const elsterAs3000: MeterModel = {
  name: "elster-as3000",
  title: "Elster AS1440, AS3000",
  manufacturer: "Elster",
  protocols: ["iec62056-21"],
  recognition: [{ manufacturer: "ELS", identification: "V10" }],
  identity: { cosem: [], readout: ["0.0.1", "0.0.0", "C.1.0"] },
  registers: [
    { obis: "1-0:1.8.0*255" },
    { obis: "1-0:1.8.1*255" },
    { obis: "1-0:1.8.2*255" },
    { obis: "1-0:2.8.0*255" },
    { obis: "1-0:3.8.0*255" },
    { obis: "1-0:4.8.0*255" },
    { obis: "1-0:16.7.0*255" },
  ],
  profiles: [
    // Without the option the meter answers (ERROR), which reads as an empty profile.
    {
      obis: "1-0:99.1.0*255",
      iecAddress: "P.01",
      periodSeconds: 900,
      stamp: "end",
      status: "vdew",
      columns: [],
    },
  ],
  eventLogs: [],
  quirks: {},
  clockZone: "stamp",
  proof: [
    "identification and addresses of readouts that owners of both meters published; its load profile is that of the agreement (VDEW) and untried on a real one",
  ],
};
