import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkConfig, openCentre, type RunningConcentrator, startConcentrator } from "@energsys/concentrator";
import type { Clock } from "@energsys/protocols";
import { pino } from "pino";
import { SimulatorError } from "../errors.ts";
import { countsMeanwhile } from "./counts-meanwhile.ts";
import { buildFieldSite, type FieldSite } from "./field-site.ts";
import { memoryFile, SiteMemory } from "./site-memory.ts";

export interface VirtualConcentratorOptions {
  readonly clock: Clock;
  /** Makes the site and the identity: `ENC` and the seed in 13 digits. */
  readonly seed: number;
  /** The centre's listener, `host:port`. */
  readonly callIn: string;
  readonly modules: number;
  readonly meters: number;
  /** Of its bus; absent: the bus takes no time, and a whole round of reading comes in one turn. */
  readonly baudRate?: number;
  /** Where its journal is kept, a file of its own, and the day from which its meters count; absent: in memory, without a past. */
  readonly folder?: string;
}

export interface VirtualConcentrator {
  readonly identity: string;
  readonly site: FieldSite;
  readonly running: RunningConcentrator;
  stop(): Promise<void>;
}

/** That of its meters. */
const zone = "Europe/Bucharest";

/**
 * Runs the concentrator's own program above a virtual bus, in this process: the bus is in memory, the call to the centre is TCP.
 * Its history begins when it starts first, with its first scan; with a folder it goes on as if it had never been stopped.
 * @throws SimulatorError `simulator.option-invalid`; ConcentratorError `concentrator.store`
 */
export async function startVirtualConcentrator(
  options: VirtualConcentratorOptions,
): Promise<VirtualConcentrator> {
  const { clock, seed, modules, meters, folder, baudRate } = options;
  const identity = `ENC${String(seed).padStart(13, "0")}`;
  const site = buildFieldSite({
    clock,
    seed,
    modules,
    inputs: 8,
    meters,
    countsFrom: firstDay(clock.now(), folder && join(folder, `${identity}.begin`)),
    ...(baudRate && { baudRate }),
    ...(folder !== undefined && { memory: new SiteMemory(memoryFile(folder, identity)) }),
  });
  const scan = [...site.modules.keys(), ...site.meters.keys()];
  const checked = checkConfig({
    identity,
    clockTrusted: true,
    centre: { addresses: [options.callIn] },
    store: { path: folder === undefined ? ":memory:" : join(folder, `${identity}.sqlite`) },
    // The bus is handed over in memory; the configuration has to name a place all the same.
    lines: [{ name: "bus", url: "tcp://127.0.0.1:1", kind: "iec", scan }],
  });
  if (!checked.ok) {
    site.stop();
    throw new SimulatorError("simulator.option-invalid", checked.faults.join("; "));
  }
  const running = await startConcentrator(checked.config, {
    clock,
    log: pino({ level: "silent" }),
    random: Math.random,
    openLine: async () => site.bus.master(),
    openCentre: (address) => openCentre(address, undefined, clock),
    meanwhile: (devices, lastMs) =>
      countsMeanwhile(
        [...site.modules.values()].flatMap((module) =>
          module.meters.map(({ name, pulses }) => ({ name, counted: pulses })),
        ),
        devices,
        lastMs,
        clock.now(),
      ),
  });
  const stop = async () => {
    await running.stop();
    site.stop();
  };
  return { identity, site, running, stop };
}

/** The market day on which one that keeps its journal was started first; today where it keeps none. */
function firstDay(nowMs: number, file: string | undefined): string {
  const today = Temporal.Instant.fromEpochMilliseconds(Math.floor(nowMs))
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toString();
  if (file === undefined) return today;
  if (!existsSync(file)) writeFileSync(file, `${today}\n`);
  return readFileSync(file, "utf8").trim();
}
