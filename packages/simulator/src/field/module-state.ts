import type { BatteryState } from "./battery.ts";
import { emptyRing, type RingState } from "./event-ring.ts";
import type { FieldClockState } from "./field-clock.ts";

/** A name that somebody wrote to an input, and the meter that was wired to it then ("" for none). */
export interface GivenName {
  readonly wired: string;
  readonly name: string;
}

/** What a module keeps of one input, in memory that survives everything. */
export interface InputState {
  pulses: number;
  /** Energy per pulse of the meter's output, Wh, as text of a decimal. */
  energyPerPulseWh: string;
  /** LED constant of the meter, imp/kWh. */
  ledImpPerKwh: number;
  /** 3 letters of the maker and the serial number; empty when none was entered. */
  name: string;
  /** The meter that is wired to it; "" for none. */
  wired: string;
  /** It holds until another meter is wired there. */
  given?: GivenName;
  used: boolean;
  tamperOpen: boolean;
  wrongWiring: boolean;
  lineBroken: boolean;
  /** Where its contact stands; absent without a relay. */
  relay?: "open" | "closed";
  /** Where a command that was taken wants the contact. */
  relayOrdered?: "open" | "closed";
}

/** Everything of a module that outlives its supply; plain JSON. */
export interface ModuleState {
  starts: number;
  shortAddress: string;
  supplied: boolean;
  /** Has supply from the line or its battery. */
  alive: boolean;
  clockSet: boolean;
  memoryError: boolean;
  /** Restarted since it was last read. */
  restarted: boolean;
  batteryLowSaid: boolean;
  doorsClosed: [boolean, boolean];
  clock: FieldClockState;
  battery: BatteryState;
  ring: RingState;
  inputs: InputState[];
}

export interface NewInput {
  readonly energyPerPulseWh?: string;
  readonly ledImpPerKwh?: number;
  readonly name?: string;
  readonly pulses?: number;
  /** A contact closed by the works; absent: no relay on this input. */
  readonly relay?: "open" | "closed";
  /** Where a command wants it that was taken and not yet carried out; where it stands unless told. */
  readonly relayOrdered?: "open" | "closed";
}

/** A module as it comes from the works at an instant, its clock right and its battery full; inputs that are left out are not used. */
export function newModuleState(
  inputs: 8 | 16 | 32,
  connected: readonly (NewInput | undefined)[],
  nowMs: number,
): ModuleState {
  return {
    starts: 1,
    shortAddress: "",
    supplied: true,
    alive: true,
    clockSet: true,
    memoryError: false,
    restarted: false,
    batteryLowSaid: false,
    doorsClosed: [true, true],
    clock: { shownMs: nowMs, trueMs: nowMs },
    battery: { charge: 1, sinceMs: nowMs, flow: "charging" },
    ring: emptyRing(),
    inputs: Array.from({ length: inputs }, (_, index) => {
      const given = connected[index];
      const relay = given?.relay;
      return {
        pulses: given?.pulses ?? 0,
        energyPerPulseWh: given?.energyPerPulseWh ?? "5.000",
        ledImpPerKwh: given?.ledImpPerKwh ?? 1600,
        name: given?.name ?? "",
        wired: given?.name ?? "",
        used: given !== undefined,
        tamperOpen: false,
        wrongWiring: false,
        lineBroken: false,
        ...(relay && { relay, relayOrdered: given.relayOrdered ?? relay }),
      };
    }),
  };
}
