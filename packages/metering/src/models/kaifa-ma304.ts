import type { MeterModel } from "./model.ts";

/** Norwegian meters: lists without codes, known by their length. */
export const kaifaMa304: MeterModel = {
  name: "kaifa-ma304",
  title: "Kaifa MA304H3E (Norway)",
  manufacturer: "Kaifa",
  protocols: ["dlms"],
  recognition: [
    { manufacturer: "KFM", listName: "KFM_" },
    { manufacturer: "KFM", product: "MA304" },
  ],
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
  proof: ["pushes of two real meters, list 2"],
};
