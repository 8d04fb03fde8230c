import type { MeterModel } from "./model.ts";

/** Our own virtual mode C meter with VDEW profile and log; described again, on its own, in the simulator. */
export const energsysVirtualIec: MeterModel = {
  name: "energsys-virtual-iec",
  title: "ENERGSys virtual meter (IEC 62056-21)",
  manufacturer: "ENERGSys",
  protocols: ["iec62056-21"],
  recognition: [{ manufacturer: "ENS", identification: "ESV-IEC" }],
  identity: { cosem: [], readout: ["0.0.0"] },
  registers: [
    { obis: "1-0:1.8.0*255" },
    { obis: "1-0:1.8.1*255" },
    { obis: "1-0:1.8.2*255" },
    { obis: "1-0:2.8.0*255" },
    { obis: "1-0:3.8.0*255" },
    { obis: "1-0:4.8.0*255" },
    { obis: "1-0:1.7.0*255" },
    { obis: "1-0:32.7.0*255" },
    { obis: "1-0:31.7.0*255" },
    { obis: "1-0:14.7.0*255" },
  ],
  profiles: [
    {
      obis: "1-0:99.1.0*255",
      iecAddress: "P.01",
      periodSeconds: 900,
      stamp: "end",
      status: "vdew",
      columns: [
        { obis: "1-0:1.29.0*255", kind: "delta", unit: "kWh" },
        { obis: "1-0:2.29.0*255", kind: "delta", unit: "kWh" },
        { obis: "1-0:3.29.0*255", kind: "delta", unit: "kvarh" },
        { obis: "1-0:4.29.0*255", kind: "delta", unit: "kvarh" },
      ],
    },
  ],
  eventLogs: [{ obis: "0-0:99.98.0*255", iecAddress: "P.98", table: "energsys-virtual" }],
  quirks: { passwordNeeded: { value: true, reason: "its programming mode refuses to read before P1" } },
  clockZone: "stamp",
  readoutClock: { time: "0.9.1", date: "0.9.2" },
  programmed: { output: "96.3.10", clock: true },
  proof: ["own only: proven between our two halves"],
};
