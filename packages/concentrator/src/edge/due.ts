import type { ReadRequest } from "@energsys/drivers";
import { findMeterModel } from "@energsys/metering/models";
import type { EpochMs } from "@energsys/protocols";
import type { Device } from "../edge.ts";
import type { EdgeStore } from "./edge-store.ts";

const dayMs = 86_400_000;

interface Due {
  readonly registersMs: EpochMs;
  readonly profilesMs: EpochMs;
  readonly eventsMs: EpochMs;
}

const never: Due = { registersMs: 0, profilesMs: 0, eventsMs: 0 };

/** When what of which meter is due, by the schedule of the configuration. */
export class DueTimes {
  readonly #store: EdgeStore;
  readonly #due = new Map<number, Due>();

  constructor(store: EdgeStore) {
    this.#store = store;
  }

  /** What was due by the time before is due now. */
  clear(): void {
    this.#due.clear();
  }

  /** Everything of one meter is due. */
  forget(logicalDevice: number): void {
    this.#due.delete(logicalDevice);
  }

  /** What is to be read of a meter now; `undefined` when nothing is due. */
  requestOf(device: Device): ReadRequest | undefined {
    const { config, devices, clock } = this.#store;
    const now = clock.now();
    const due = this.#due.get(device.logicalDevice) ?? never;
    const backMs = now - config.schedule.profileBackDays * dayMs;
    const { profileToMs = backMs, eventsToMs = backMs } = devices.settings(device.logicalDevice);
    const [registers, profiles, events] = [
      due.registersMs <= now,
      due.profilesMs <= now,
      due.eventsMs <= now,
    ];
    if (!registers && !profiles && !events) return undefined;
    const model = findMeterModel(device.model);
    return {
      zone: config.zone,
      ...(model ? { model } : {}),
      ...this.#store.keysOf(device.name),
      ...(registers ? { registers: true, clock: true } : {}),
      ...(profiles && profileToMs < now ? { profiles: [{ fromMs: profileToMs, toMs: now }] } : {}),
      ...(events ? { events: { fromMs: eventsToMs } } : {}),
    };
  }

  /** What was asked has been read. */
  done(device: Device, request: ReadRequest): void {
    const now = this.#store.clock.now();
    const before = this.#due.get(device.logicalDevice) ?? never;
    const { registersEverySeconds, profilesEverySeconds, eventsEverySeconds } = this.#store.config.schedule;
    this.#due.set(device.logicalDevice, {
      registersMs: request.registers ? now + registersEverySeconds * 1000 : before.registersMs,
      profilesMs: request.profiles ? now + profilesEverySeconds * 1000 : before.profilesMs,
      eventsMs: request.events ? now + eventsEverySeconds * 1000 : before.eventsMs,
    });
  }

  /** The register of an input is due; the next one a period later. */
  takeRegister(logicalDevice: number): boolean {
    const now = this.#store.clock.now();
    const due = this.#due.get(logicalDevice);
    if ((due && due.registersMs > now) || this.#store.waitsForTime) return false;
    const registersMs = now + this.#store.config.schedule.registersEverySeconds * 1000;
    this.#due.set(logicalDevice, { ...never, registersMs });
    return true;
  }
}
