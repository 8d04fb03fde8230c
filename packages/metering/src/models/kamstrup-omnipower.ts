import type { MeterModel } from "./model.ts";

/** Norwegian and Swedish meters: a list with codes and without scalers. */
export const kamstrupOmnipower: MeterModel = {
  name: "kamstrup-omnipower",
  title: "Kamstrup OMNIPOWER (customer interface)",
  manufacturer: "Kamstrup",
  protocols: ["dlms"],
  recognition: [{ manufacturer: "KAM", listName: "Kamstrup_V" }],
  identity: { cosem: ["1-1:0.0.5*255"], readout: [] },
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
      value: { "1-1:": "1-0:" },
      reason: "its lists number the only electricity channel 1, where all others have 0",
    },
  },
  clockZone: "configured",
  proof: ["pushes of real meters in Norway (lists 1 and 2) and Sweden"],
};
