import type { MeterModel } from "./model.ts";

/** Any IEC 62056-21 mode C meter: every energy and instantaneous value of its readout. */
export const genericIec: MeterModel = {
  name: "generic-iec62056-21",
  title: "IEC 62056-21 meter",
  manufacturer: "",
  protocols: ["iec62056-21", "p1"],
  recognition: [],
  identity: { cosem: [], readout: ["C.1.0", "0.0.0", "0.0", "0-0:96.1.1", "0-0:96.1.0", "C.1"] },
  registers: "all",
  profiles: [],
  eventLogs: [],
  quirks: {},
  clockZone: "configured",
  readoutClock: { time: "0.9.1", date: "0.9.2" },
  proof: ["readouts of meters of four makers"],
};
