import { SimulatorError } from "./errors.ts";
import type { FaultPlan } from "./faults.ts";
import { type Inventory, writeInventory } from "./inventory.ts";
import { type CallInPlace, openOwnLines } from "./links/own-lines.ts";
import type { Likelihood } from "./load/happenings.ts";
import type { VirtualMeter } from "./meter/virtual-meter.ts";
import { buildMeters } from "./town/meters.ts";
import type { KindShares } from "./town/town.ts";
import { inventoryOf } from "./town/town-inventory.ts";
import { Ledger, type TruthRows } from "./truth.ts";

export interface SimulatorOptions {
  /** Number of meters, 1 to 5000 (default 24). */
  readonly points?: number;
  /** Equal seeds make equal towns and equal bytes (default 1). */
  readonly seed?: number;
  /** Days of load profile that each meter keeps, 1 to 400 (default 30). */
  readonly days?: number;
  /** First port; meter n listens on the n-th after it. 0 = any free port for each (default). */
  readonly basePort?: number;
  /** Loopback unless told (default 127.0.0.1). */
  readonly host?: string;
  /** Parts of the town by what its meters speak, as weights; a kind left out is absent. */
  readonly shares?: Partial<KindShares>;
  /** Some of the DLMS meters with wrapper call in here instead of listening. */
  readonly callIn?: CallInPlace;
  readonly faults?: FaultPlan;
  readonly zone?: string;
  readonly likelihood?: Likelihood;
  /** The reading plan that the inventory asks for (default: every 900 s). */
  readonly everySeconds?: number;
  /** Written in one step before the simulator is ready. */
  readonly inventoryFile?: string;
  /** The present, for tests (default: the machine's clock). */
  readonly nowMs?: () => number;
}

export interface Simulator {
  readonly inventory: Inventory;
  readonly meters: readonly VirtualMeter[];
  /** What a meter truly recorded in [fromMs, toMs). @throws SimulatorError `simulator.meter-unknown`, `simulator.register-unknown` */
  truth(serial: string, obis: string, fromMs: number, toMs: number): TruthRows;
  readonly ledger: Ledger;
  stop(): Promise<void>;
}

export const pointsMax = 5000;
/**
 * Starts a town of virtual meters in this process.
 * @throws SimulatorError `simulator.option-invalid`, `simulator.port-used`, `simulator.port-denied`, `simulator.inventory-unwritable`
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { points = 24, seed = 1, days = 30, basePort = 0, host = "127.0.0.1" } = options;
  check(Number.isInteger(points) && points >= 1 && points <= pointsMax, `points: 1 to ${pointsMax}`);
  check(Number.isInteger(days) && days >= 1 && days <= 400, "days: 1 to 400");
  check(
    basePort === 0 || basePort + points - 1 <= 65_535,
    `base port: ${points} ports do not fit above ${basePort}`,
  );
  const nowMs = options.nowMs ?? Date.now;

  const { town, calendar, meters } = buildMeters({ ...options, points, seed, days, nowMs });
  const lines = await openOwnLines(meters, {
    basePort,
    host,
    nowMs,
    ...(options.callIn && { callIn: options.callIn }),
    ...(options.faults && { faults: options.faults }),
  });
  const inventory = inventoryOf(town, {
    host,
    ports: lines.ports,
    installedAtMs: calendar.firstMs,
    plan: { name: "Every meter", everySeconds: options.everySeconds ?? 900, backfillDays: days },
  });
  try {
    if (options.inventoryFile !== undefined) writeInventory(options.inventoryFile, inventory);
  } catch (error) {
    await lines.close();
    throw error;
  }

  const ledger = new Ledger(meters);
  return {
    inventory,
    meters,
    ledger,
    truth: (serial, obis, fromMs, toMs) => ledger.rows(serial, obis, fromMs, toMs),
    stop: () => lines.close(),
  };
}

function check(good: boolean, detail: string): void {
  if (!good) throw new SimulatorError("simulator.option-invalid", detail);
}
