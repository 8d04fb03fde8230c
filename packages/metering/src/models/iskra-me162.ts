import type { MeterModel } from "./model.ts";

/** Single-phase two-tariff meter with an optical head; it has no clock and no load profile. */
export const iskraMe162: MeterModel = {
  name: "iskra-me162",
  title: "ISKRA ME162",
  manufacturer: "ISKRA",
  protocols: ["iec62056-21"],
  recognition: [{ manufacturer: "ISK", identification: "ME162" }],
  identity: { cosem: [], readout: ["C.1.0", "0.0.0"] },
  registers: [
    { obis: "1-0:1.8.0*255" },
    { obis: "1-0:1.8.1*255" },
    { obis: "1-0:1.8.2*255" },
    { obis: "1-0:2.8.0*255" },
    { obis: "1-0:2.8.1*255" },
    { obis: "1-0:2.8.2*255" },
  ],
  profiles: [],
  eventLogs: [],
  quirks: {
    breakBeforeSignOn: {
      value: true,
      reason:
        "left in programming mode by a reader that went away it answers no sign-on; the recorded reader sends B0 first",
    },
    confirmRegisters: {
      value: ["1-0:1.8.0*255", "1-0:2.8.0*255"],
      reason:
        "the check byte of the readout is an XOR: what is billed is read again, as the recorded reader does",
    },
    passwordNeeded: { value: false, reason: "the recorded session reads by R1 right after P0, without P1" },
  },
  clockZone: "configured",
  proof: ["recorded readout and programming mode session of a real meter, identification ME162-0033"],
};
