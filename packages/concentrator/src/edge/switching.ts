import { errorCode } from "@energsys/drivers";
import { findMeterModel } from "@energsys/metering/models";
import { encodeEventsBody } from "../bodies.ts";
import { type SwitchSeen, switchDlms } from "../dlms-switch.ts";
import type { Device, OrderKind, OrderOutcome } from "../edge.ts";
import { ConcentratorError } from "../errors.ts";
import { switchIec } from "../iec-switch.ts";
import { entryKinds } from "../journal.ts";
import type { LineOwner, Priority } from "../line.ts";
import type { ModuleBlock } from "../module-block.ts";
import type { OpenOrder } from "../orders.ts";
import type { EdgeLines } from "./edge-lines.ts";
import type { EdgeStore } from "./edge-store.ts";
import { meterOnLine } from "./meter-on-line.ts";
import type { Timers } from "./timers.ts";

const orderWaitMs = 30_000;
const orderFailed = 0x1032;

/** A meter with a line of its own whose output can be asked for. */
export const hasSwitch = ({ kind, model }: Device): boolean =>
  kind === "dlms" || (kind === "iec" && findMeterModel(model)?.programmed?.output !== undefined);
const switchOf = ({ kind }: Device) => (kind === "dlms" ? switchDlms : switchIec);

/** Orders to relays: each is written, carried out, read back, and what is found against it is put right. */
export class Switching {
  readonly #store: EdgeStore;
  readonly #lines: EdgeLines;
  readonly #timers: Timers;
  readonly #carried = new Set<number>();

  constructor(store: EdgeStore, lines: EdgeLines, timers: Timers) {
    this.#store = store;
    this.#lines = lines;
    this.#timers = timers;
  }

  /** @throws ConcentratorError `order.no-output`, `concentrator.store-full` */
  async give(logicalDevice: number, kind: OrderKind): Promise<OrderOutcome> {
    const { devices, orders, clock } = this.#store;
    const device = devices.find(logicalDevice);
    const gone = device?.state === "exchanged" || device?.state === "removed";
    if (gone || device?.output === undefined || !["input", "dlms", "iec"].includes(device.kind))
      throw new ConcentratorError("order.no-output");
    const order = orders.write(logicalDevice, kind);
    let cancel = () => {};
    const late = new Promise<OrderOutcome>((resolve) => {
      cancel = clock.after(orderWaitMs, () => resolve(this.#outcome(order, "waiting", "no answer in time")));
    });
    const outcome = await Promise.race([this.#carryOut(order), late]);
    cancel();
    return outcome;
  }

  /** Those that are open are tried again. */
  carryOutOpen(): void {
    for (const order of this.#store.orders.open()) void this.#carryOut(order);
  }

  /** A disconnected output that is found closed without an order is opened again, and reported. */
  assertOpen(device: Device): void {
    const { orders } = this.#store;
    if (device.commanded !== false) return;
    if (orders.open().some(({ logicalDevice }) => logicalDevice === device.logicalDevice)) return;
    this.#tellFailed(device.logicalDevice, "found closed without an order");
    const order = orders.write(device.logicalDevice, "disconnect");
    this.#timers.after(0, () => void this.#carryOut(order));
  }

  /** How the disconnector of a meter stands; one that is found closed against its order is opened again. */
  async readSwitch(device: Device, line: LineOwner, priority: Priority): Promise<boolean | undefined> {
    const { state } = await line.run(priority, (stream, signal) =>
      switchOf(device)(meterOnLine(this.#store, device, line.config, stream, signal)),
    );
    if (state === undefined) return undefined;
    this.#store.guarded(() => {
      this.#store.devices.set(device.logicalDevice, { output: state });
      if (state) this.assertOpen(this.#store.known(device.logicalDevice));
    });
    return state;
  }

  #outcome(order: OpenOrder, outcome: OrderOutcome["outcome"], detail: string): OrderOutcome {
    const output = this.#store.devices.find(order.logicalDevice)?.output;
    return { order: order.number, outcome, output, detail };
  }

  /** Reads the state, gives the command unless it is fulfilled, and reads back. */
  async #carryOut(order: OpenOrder): Promise<OrderOutcome> {
    const { orders, devices } = this.#store;
    const { logicalDevice } = order;
    if (this.#carried.has(order.number)) return this.#outcome(order, "waiting", "is being carried out");
    this.#carried.add(order.number);
    const device = this.#store.known(logicalDevice);
    const closed = order.kind === "reconnect";
    try {
      const seen =
        device.kind === "input"
          ? await this.#switchInput(order, device)
          : await this.#switchMeter(order, device);
      if (!seen || !orders.isOpen(order)) return this.#outcome(order, "superseded", "a later order came");
      if (seen.state !== undefined) devices.set(logicalDevice, { output: seen.state });
      if (seen.state === closed) {
        orders.end(order, "confirmed", "");
        return this.#outcome(order, "confirmed", "");
      }
      const detail = seen.error || "the output stands as before";
      orders.end(order, "failed", detail);
      this.#tellFailed(logicalDevice, detail);
      return this.#outcome(order, "failed", detail);
    } catch (error) {
      const code = errorCode(error);
      if (!this.#store.stopped) this.#store.guarded(() => orders.waits(order, code));
      return this.#outcome(order, "waiting", code);
    } finally {
      this.#carried.delete(order.number);
    }
  }

  #tellFailed(logicalDevice: number, detail: string): void {
    const { clock, time } = this.#store;
    const event = { atMs: clock.now(), code: orderFailed, sequence: 0, detail };
    this.#store.appendUrgent({
      logicalDevice,
      kind: entryKinds.events,
      body: encodeEventsBody([event], time),
    });
  }

  /** The relay of a module; `undefined` when a later order came while this one waited for the line. */
  #switchInput(order: OpenOrder, device: Device): Promise<SwitchSeen | undefined> {
    const closed = order.kind === "reconnect";
    const inputOf = (block: ModuleBlock) => block.inputs.find(({ input }) => input === device.input);
    return this.#lines.module(this.#lines.of(device), "order", async (client) => {
      if (!this.#store.orders.isOpen(order)) return undefined;
      const before = inputOf(await client.read(device.address));
      if (before?.name && before.name !== device.name)
        return { state: undefined, error: `${before.name} is in its place` };
      const first = before?.closed;
      if (first === closed) return { state: first, error: "" };
      const password = this.#lines.passwordOf(this.#store.known(device.module));
      const { outcomes } = await client.program(device.address, password, [
        { command: "W1", address: `0-${device.input}:96.3.10`, value: closed ? "1" : "0" },
      ]);
      const [outcome] = outcomes;
      return {
        state: inputOf(await client.read(device.address))?.closed,
        error: outcome?.ok ? "" : (outcome?.error ?? ""),
      };
    });
  }

  /** The disconnector of a meter with a line of its own, as `#switchInput`. */
  #switchMeter(order: OpenOrder, device: Device): Promise<SwitchSeen | undefined> {
    const line = this.#lines.of(device);
    return line.run("order", async (stream, signal) =>
      this.#store.orders.isOpen(order)
        ? switchOf(device)(meterOnLine(this.#store, device, line.config, stream, signal), order.kind)
        : undefined,
    );
  }
}
