import { findObis } from "@energsys/protocols";
import { slotMs } from "./calendar.ts";
import { statusByte } from "./dlms/profile-buffer.ts";
import { SimulatorError } from "./errors.ts";
import type { Happening } from "./load/happenings.ts";
import type { ProfileRows, Registers, VirtualMeter } from "./meter/virtual-meter.ts";

/** What a meter truly recorded, one entry per interval, oldest first. */
export interface TruthRows {
  /** Starts of the intervals, UTC. */
  readonly startsMs: Float64Array;
  /** Energy in each interval, Wh or varh. */
  readonly energies: Float64Array;
  /** Register at the end of each interval, Wh or varh. */
  readonly indexes: Float64Array;
  /** Profile status as an IDIS meter sends it: 80 power down, 20 clock adjusted, 08 summer time. */
  readonly status: Uint8Array;
}

const registerNames: Readonly<Record<string, keyof Registers>> = {
  "1-0:1.8.0*255": "importWh",
  "1-0:1.29.0*255": "importWh",
  "1-0:1.8.1*255": "rate1Wh",
  "1-0:1.8.2*255": "rate2Wh",
  "1-0:2.8.0*255": "exportWh",
  "1-0:2.29.0*255": "exportWh",
  "1-0:3.8.0*255": "importVarh",
  "1-0:3.29.0*255": "importVarh",
  "1-0:4.8.0*255": "exportVarh",
  "1-0:4.29.0*255": "exportVarh",
};

/**
 * The ledger of a simulation: what every meter holds, without any protocol, for tests and benches that compare what
 * was stored with what was generated. Instants are those of the meter's own clock, as it stamps its rows.
 */
export class Ledger {
  readonly #meters: ReadonlyMap<string, VirtualMeter>;

  constructor(meters: readonly VirtualMeter[]) {
    this.#meters = new Map(meters.map((meter) => [meter.description.serial, meter]));
  }

  /**
   * Intervals that lie in [fromMs, toMs), as far as the meter writes a row for them; not limited by what its profile still
   * holds nor by the present.
   * @throws SimulatorError `simulator.meter-unknown`, `simulator.register-unknown`
   */
  rows(serial: string, obis: string, fromMs: number, toMs: number): TruthRows {
    const meter = this.#meter(serial);
    const name = nameOf(obis);
    const firstEndMs = (Math.ceil(fromMs / slotMs) + 1) * slotMs;
    const rows = meter.rowsBetween(firstEndMs, toMs);
    const energy = (n: number) => energyOf(meter, rows, n, name);
    return {
      startsMs: Float64Array.from(rows.endsMs, (endMs) => endMs - slotMs),
      energies: Float64Array.from(rows.endsMs, (_, n) => energy(n)),
      indexes: Float64Array.from(rows.registers, (registers) => registers[name]),
      status: Uint8Array.from(rows.marks, statusByte),
    };
  }

  /** Register at an instant, Wh or varh. @throws SimulatorError `simulator.meter-unknown`, `simulator.register-unknown` */
  register(serial: string, obis: string, atMs: number): number {
    return this.#meter(serial).registersAt(atMs)[nameOf(obis)];
  }

  /** Log entries in [fromMs, toMs]. @throws SimulatorError `simulator.meter-unknown` */
  events(serial: string, fromMs: number, toMs: number): readonly Happening[] {
    return this.#meter(serial).events(fromMs, toMs);
  }

  #meter(serial: string): VirtualMeter {
    const meter = this.#meters.get(serial);
    if (!meter) throw new SimulatorError("simulator.meter-unknown", `no meter ${serial} in this simulation`);
    return meter;
  }
}

function nameOf(obis: string): keyof Registers {
  const name = registerNames[findObis(obis) ?? ""];
  if (!name)
    throw new SimulatorError("simulator.register-unknown", `no virtual meter has a register ${obis}`);
  return name;
}

function energyOf(meter: VirtualMeter, rows: ProfileRows, n: number, name: keyof Registers): number {
  const importWh = rows.importWh[n] as number;
  const exportWh = rows.exportWh[n] as number;
  const end = rows.registers[n] as Registers;
  switch (name) {
    case "importWh":
      return importWh;
    case "exportWh":
      return exportWh;
    case "importVarh":
      return meter.reactiveOf(end, importWh, exportWh).reactiveImport;
    case "exportVarh":
      return meter.reactiveOf(end, importWh, exportWh).reactiveExport;
    default:
      return end[name] - meter.registersAt((rows.endsMs[n] as number) - slotMs)[name];
  }
}
