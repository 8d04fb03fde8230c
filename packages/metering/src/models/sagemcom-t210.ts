import type { MeterModel } from "./model.ts";

/** Three-phase meter that gives watts and watt-hours, without a decimal point. */
export const sagemcomT210: MeterModel = {
  name: "sagemcom-t210",
  title: "Sagemcom T210-D (Austria)",
  manufacturer: "Sagemcom",
  protocols: ["p1"],
  recognition: [{ manufacturer: "EST", identification: "537" }],
  identity: { cosem: [], readout: ["0-0:96.1.1", "0-0:42.0.0"] },
  registers: [
    { obis: "1-0:1.8.0*255" },
    { obis: "1-0:1.8.1*255" },
    { obis: "1-0:1.8.2*255" },
    { obis: "1-0:2.8.0*255" },
    { obis: "1-0:2.8.1*255" },
    { obis: "1-0:2.8.2*255" },
    { obis: "1-0:3.8.0*255" },
    { obis: "1-0:3.8.1*255" },
    { obis: "1-0:3.8.2*255" },
    { obis: "1-0:4.8.0*255" },
    { obis: "1-0:4.8.1*255" },
    { obis: "1-0:4.8.2*255" },
    { obis: "1-0:1.7.0*255" },
    { obis: "1-0:2.7.0*255" },
    { obis: "1-0:3.7.0*255" },
    { obis: "1-0:4.7.0*255" },
  ],
  profiles: [],
  eventLogs: [],
  quirks: {},
  clockZone: "stamp",
  proof: ["telegram of a real meter; it holds no serial number"],
};
