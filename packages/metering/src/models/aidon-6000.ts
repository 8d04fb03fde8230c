import type { MeterModel } from "./model.ts";

/** Meters of the 6000 series on Norwegian and Swedish customer interfaces: a described list every few seconds. */
export const aidon6000: MeterModel = {
  name: "aidon-6000",
  title: "Aidon 6000 series (customer interface)",
  manufacturer: "Aidon",
  protocols: ["dlms"],
  recognition: [{ manufacturer: "AID", listName: "AIDON_V" }],
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
  quirks: {},
  clockZone: "configured",
  proof: ["pushes of real meters in Norway (lists 1 to 3, types 6515 and 6525) and Sweden"],
};
