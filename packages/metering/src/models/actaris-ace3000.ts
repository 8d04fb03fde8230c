import type { MeterModel } from "./model.ts";

/** Single-phase meter of type 260, read at 300 Bd; no clock, no profile. */
export const actarisAce3000: MeterModel = {
  name: "actaris-ace3000",
  title: "Actaris ACE3000 type 260",
  manufacturer: "Actaris",
  protocols: ["iec62056-21"],
  recognition: [{ manufacturer: "ACE", identification: "k260" }],
  identity: { cosem: [], readout: ["C.1"] },
  registers: [{ obis: "1-0:1.8.0*255" }, { obis: "1-0:2.8.0*255" }],
  profiles: [],
  eventLogs: [],
  quirks: {},
  clockZone: "configured",
  proof: [
    "readout of a real meter, identification k260V01.18, without its end; a second one, k260V01.19, whose check byte does not agree, is refused",
  ],
};
