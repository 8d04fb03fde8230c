import { readLimits } from "@energsys/drivers";
import { HdlcLink } from "@energsys/protocols/hdlc";
import type { Device, ThroughAnswer, ThroughRequest } from "../edge.ts";
import { ConcentratorError } from "../errors.ts";
import { meterUrl } from "../meter-reading.ts";
import type { EdgeLines } from "./edge-lines.ts";
import type { EdgeStore } from "./edge-store.ts";
import { readMeter } from "./meter-reader.ts";
import type { ModuleBlocks } from "./module-blocks.ts";
import { hasSwitch, type Switching } from "./switching.ts";

const passageIdleMs = 10_000;

/** What a caller from the centre asks of a meter at this moment. */
export class ReadThrough {
  readonly #store: EdgeStore;
  readonly #lines: EdgeLines;
  readonly #blocks: ModuleBlocks;
  readonly #switching: Switching;
  readonly #passing = new Map<number, (apdu: Uint8Array) => Promise<Uint8Array>>();

  constructor(store: EdgeStore, lines: EdgeLines, blocks: ModuleBlocks, switching: Switching) {
    this.#store = store;
    this.#lines = lines;
    this.#blocks = blocks;
    this.#switching = switching;
  }

  async read(logicalDevice: number, request: ThroughRequest): Promise<ThroughAnswer> {
    const device = this.#store.known(logicalDevice);
    const line = this.#lines.of(device);
    if (device.kind === "input" || device.kind === "module" || device.kind === "supply") {
      const block = await this.#lines.module(line, "through", (client) => client.read(device.address));
      this.#blocks.keep(device.line, device.address, block);
      return this.#blocks.answerOf(device, block, Boolean(request.registers));
    }
    const reading = await line.run("through", (stream, signal) =>
      readMeter(this.#store, device, line.config, stream, signal, {
        ...(request.registers ? { registers: request.registers } : {}),
        ...(request.clock ? { clock: true } : {}),
      }),
    );
    const output =
      request.output && hasSwitch(device)
        ? await this.#switching.readSwitch(device, line, "through")
        : undefined;
    return {
      registers: reading.registers,
      ...(reading.clock ? { deviceMs: reading.clock.deviceMs } : {}),
      ...(output === undefined ? {} : { output }),
    };
  }

  async pass(logicalDevice: number, apdu: Uint8Array): Promise<Uint8Array> {
    const device = this.#store.known(logicalDevice);
    if (device.kind !== "dlms") throw new ConcentratorError("device.no-dlms", device.name);
    const passing = this.#passing.get(logicalDevice) ?? (await this.#openPassage(device));
    return passing(apdu);
  }

  /**
   * An association spans several APDUs, so the meter's line is held for the caller until it has been silent for ten seconds; orders
   * on that line wait for no longer.
   */
  #openPassage(device: Device): Promise<(apdu: Uint8Array) => Promise<Uint8Array>> {
    const { clock } = this.#store;
    const line = this.#lines.of(device);
    const url = meterUrl(line.config, device.address);
    if (url.protocol !== "dlms") throw new ConcentratorError("device.no-dlms", device.name);
    return new Promise((resolve, reject) => {
      const job = line.run("through", async (stream) => {
        const link = new HdlcLink(stream, clock, {
          client: url.client,
          server: url.server,
          responseTimeoutMs: readLimits.responseMs,
          closeStream: false,
          ...(url.physical === undefined ? {} : { physical: url.physical }),
          ...(url.addressBytes === undefined ? {} : { serverAddressBytes: url.addressBytes }),
        });
        await link.connect();
        await new Promise<void>((idle) => {
          let cancel = clock.after(passageIdleMs, idle);
          const exchange = async (apdu: Uint8Array) => {
            cancel();
            try {
              return await link.exchange(apdu);
            } catch (error) {
              idle();
              throw error;
            } finally {
              cancel = clock.after(passageIdleMs, idle);
            }
          };
          this.#passing.set(device.logicalDevice, exchange);
          resolve(exchange);
        });
        this.#passing.delete(device.logicalDevice);
        await link.close();
      });
      job.catch((error: unknown) => {
        this.#passing.delete(device.logicalDevice);
        reject(error);
      });
    });
  }
}
