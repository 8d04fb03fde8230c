import { eventCodes } from "../devices.ts";
import type { Device } from "../edge.ts";
import type { LineOwner } from "../line.ts";
import type { EdgeStore } from "./edge-store.ts";

/** Failed calls in a row until a device counts as missing, and until a line on which nobody answers counts as broken. */
const failuresMax = 3;

/** Who answers and who does not: devices that are missing, lines that are broken, and two devices with one address. */
export class LineHealth {
  readonly #store: EdgeStore;
  readonly #failures = new Map<number, number>();
  readonly #silent = new Map<string, Set<number>>();
  readonly #garbled = new Map<string, number>();

  constructor(store: EdgeStore) {
    this.#store = store;
  }

  answered(device: Device, line: LineOwner): void {
    this.#failures.delete(device.logicalDevice);
    this.#garbled.delete(`${device.line} ${device.address}`);
    this.#silent.get(device.line)?.clear();
    line.mark(false, "");
  }

  /** A scan found it. */
  found(logicalDevice: number): void {
    this.#failures.delete(logicalDevice);
  }

  /** A scan heard somebody at an address and understood nothing. */
  garbled(line: string, address: string): void {
    const place = `${line} ${address}`;
    const times = (this.#garbled.get(place) ?? 0) + 1;
    this.#garbled.set(place, times);
    if (times === 1 && !this.#store.devices.findAt(line, address)) {
      this.#store.guarded(() => this.#store.recordEvent(eventCodes.oneAddress, `${place}: garbled`));
    }
  }

  failed(device: Device, line: LineOwner, code: string): void {
    if (code === "link.garbled") {
      this.#garbledAgain(device);
      return;
    }
    const failures = (this.#failures.get(device.logicalDevice) ?? 0) + 1;
    this.#failures.set(device.logicalDevice, failures);
    const silent = this.#silent.get(device.line) ?? new Set<number>();
    this.#silent.set(device.line, silent.add(device.logicalDevice));
    const own = this.#readOn(device.line);
    if (failures < failuresMax) return;
    if (own.length > 1 && silent.size >= own.length) {
      line.mark(true, "nobody answers");
      return;
    }
    const { devices } = this.#store;
    const change = devices.miss(device.logicalDevice);
    if (change) this.#store.tell([change]);
    for (const other of devices.all()) {
      if (other.module === device.logicalDevice) devices.miss(other.logicalDevice);
    }
  }

  #garbledAgain(device: Device): void {
    const place = `${device.line} ${device.address}`;
    const times = (this.#garbled.get(place) ?? 0) + 1;
    this.#garbled.set(place, times);
    // Noise would spoil the others as well; two that answer at once spoil only their own address.
    const others = this.#readOn(device.line).filter(({ address }) => address !== device.address);
    const alone = others.length === 0;
    const good = ({ line: name, address, logicalDevice }: Device) =>
      !this.#garbled.has(`${name} ${address}`) && !this.#failures.has(logicalDevice);
    if (times === failuresMax && (alone || others.some(good))) {
      this.#store.recordEvent(eventCodes.oneAddress, `${place}: garbled`);
    }
  }

  /** Whoever is called on a line. */
  #readOn(line: string): Device[] {
    return this.#store.devices
      .all()
      .filter(
        ({ line: name, kind, state }) =>
          name === line && kind !== "input" && state !== "exchanged" && state !== "removed",
      );
  }
}
