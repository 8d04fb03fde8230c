import { unitCodeOf } from "../bodies.ts";
import type { ModemSeen } from "../centre/modem-watch.ts";
import type { Device, Edge } from "../edge.ts";
import { supplyStates } from "../edge.ts";
import type {
  ReadThrough,
  Script,
  ServedCore,
  ServedMeter,
  SwitchState,
  ThroughAnswer,
} from "./served-core.ts";

/** Modem by the enum of the state object: the network by its own words, connected while the line to the centre stands. */
export const modemStates = { off: 0, searching: 1, registered: 2, connected: 3, unknown: 255 } as const;

/** A device as the logical devices show it. */
export const meterOf = (device: Device): ServedMeter => ({
  logicalDevice: device.logicalDevice,
  name: device.name,
  serial: device.name.slice(3),
  model: device.model,
  line: device.line,
  address: device.address,
  module: device.module,
  input: device.input,
  state: device.state,
  lastContactMs: device.lastContactMs === 0 ? undefined : device.lastContactMs,
  isModule: device.kind === "module" || device.kind === "supply",
  hasSwitch: device.output !== undefined || device.commanded !== undefined,
});

const silent: ThroughAnswer = { ok: false, refused: "temporary-failure" };
const absent: ThroughAnswer = { ok: false, refused: "object-undefined" };

export interface CentreSide {
  /** Whether the line to the centre stands. */
  hasLine(): boolean;
  /** What the modem said last; absent without one that can be asked. */
  modem(): ModemSeen | undefined;
  /** A script that was called has ended, and what it brought is in the journal. */
  onScriptEnd(): void;
}

/** What the logical devices show of the rest of the concentrator. */
export class ServedEdge implements ServedCore {
  readonly #edge: Edge;
  readonly #centre: CentreSide;
  readonly journal: Edge["journal"];

  constructor(edge: Edge, centre: CentreSide) {
    this.#edge = edge;
    this.#centre = centre;
    this.journal = edge.journal;
  }

  get identity(): string {
    return this.#edge.config.identity;
  }

  get serial(): string {
    return this.identity.slice("ENC".length);
  }

  get firmware(): string {
    return this.#edge.firmware;
  }

  get zone(): string {
    return this.#edge.config.zone;
  }

  now(): number {
    return this.#edge.clock.now();
  }

  setClock(ms: number, by: "centre" | "console"): void {
    this.#edge.clock.set(ms, by);
  }

  state() {
    const { supply, batteryPercent, storeDaysLeft, storeBytes, notTaken, starts, lastStartMs } =
      this.#edge.state();
    return {
      supply: supplyStates[supply],
      batteryPercent,
      daysLeft: storeDaysLeft,
      storeBytes,
      entriesNotTaken: notTaken,
      starts,
      lastStartMs,
      modem: this.#modem(),
      signalDbm: this.#centre.modem()?.signalDbm ?? 0,
    };
  }

  /** A line that stands goes through the modem, unless the modem itself says that it has no network. */
  #modem(): number {
    const network = this.#centre.modem()?.network ?? "unknown";
    const mayCarry = network === "registered" || network === "unknown";
    return modemStates[mayCarry && this.#centre.hasLine() ? "connected" : network];
  }

  meters(): readonly ServedMeter[] {
    return this.#edge.devices().map(meterOf);
  }

  meter(logicalDevice: number): ServedMeter | undefined {
    const device = this.#edge.findDevice(logicalDevice);
    return device && meterOf(device);
  }

  run(script: Script): void {
    const edge = this.#edge;
    const running = {
      scan: () => edge.scan(),
      read: () => edge.readEverything(),
      clocks: () => edge.setClocks(),
    };
    running[script]()
      .catch((error: unknown) => edge.log.warn({ script, err: error }, "script failed"))
      .finally(() => this.#centre.onScriptEnd());
  }

  switchOf(logicalDevice: number): SwitchState | undefined {
    const device = this.#edge.findDevice(logicalDevice);
    const output = device?.output ?? device?.commanded;
    if (output === undefined) return undefined;
    const commanded = device?.commanded ?? output;
    const waiting = commanded === output ? undefined : commanded ? "reconnect" : "disconnect";
    return { output, waiting };
  }

  async order(logicalDevice: number, order: "disconnect" | "reconnect") {
    try {
      const { outcome } = await this.#edge.giveOrder(logicalDevice, order);
      return outcome === "superseded" ? "failed" : outcome;
    } catch (error) {
      this.#edge.log.warn({ logicalDevice, order, err: error }, "order not taken");
      return "failed";
    }
  }

  async readThrough(logicalDevice: number, request: ReadThrough): Promise<ThroughAnswer> {
    const edge = this.#edge;
    try {
      if (request.what === "clock") {
        const { deviceMs } = await edge.readThrough(logicalDevice, { clock: true });
        return deviceMs === undefined ? absent : { ok: true, clockMs: deviceMs };
      }
      if (request.what === "switch") {
        const { output } = await edge.readThrough(logicalDevice, { output: true });
        return output === undefined ? absent : { ok: true, output };
      }
      const { registers } = await edge.readThrough(logicalDevice, { registers: [request.obis] });
      const found = registers.find(({ obis }) => obis === request.obis);
      return found ? exactly(found.value, found.unit) : absent;
    } catch (error) {
      edge.log.info({ logicalDevice, err: error }, "meter not read through");
      return silent;
    }
  }

  /** The address of a client is the meter's own affair: its line is configured with the client that it knows. */
  async pass(logicalDevice: number, _client: number, apdu: Uint8Array): Promise<Uint8Array | undefined> {
    try {
      return await this.#edge.passApdu(logicalDevice, apdu);
    } catch (error) {
      this.#edge.log.info({ logicalDevice, err: error }, "APDU not passed");
      return undefined;
    }
  }
}

/** An exact decimal as integer, power of ten and unit. */
function exactly(value: string, unit: string): ThroughAnswer {
  const [, whole, part = ""] = /^(-?\d{1,18})(?:\.(\d{1,12}))?$/.exec(value) ?? [];
  if (whole === undefined) return silent;
  const { code, scaler } = unitCodeOf(unit);
  return { ok: true, register: { value: BigInt(whole + part), scaler: scaler - part.length, unit: code } };
}
