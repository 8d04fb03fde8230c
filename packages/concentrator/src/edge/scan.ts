import { errorCode, type ReadRequest, readDevice, readLimits } from "@energsys/drivers";
import { findMeterModel } from "@energsys/metering/models";
import type { LineOwner } from "../line.ts";
import { meterName, meterUrl } from "../meter-reading.ts";
import type { EdgeLines } from "./edge-lines.ts";
import type { EdgeStore } from "./edge-store.ts";
import type { LineHealth } from "./line-health.ts";
import type { ModuleBlocks } from "./module-blocks.ts";

/** Who is where on the lines, by their own words. */
export class Scan {
  readonly #store: EdgeStore;
  readonly #lines: EdgeLines;
  readonly #health: LineHealth;
  readonly #blocks: ModuleBlocks;

  constructor(store: EdgeStore, lines: EdgeLines, health: LineHealth, blocks: ModuleBlocks) {
    this.#store = store;
    this.#lines = lines;
    this.#health = health;
    this.#blocks = blocks;
  }

  /** Calls every address of the ranges, of the configuration, and of what is known. */
  async everywhere(): Promise<void> {
    const { config, devices, log } = this.#store;
    const jobs: Promise<unknown>[] = [];
    for (const [name, line] of this.#lines.all) {
      const given = config.meters.filter((meter) => meter.line === name).map(({ address }) => address);
      const known = devices
        .all()
        .filter((device) => device.line === name)
        .map(({ address }) => address);
      const addresses = line.config.supply ? [""] : [...new Set([...given, ...known, ...line.config.scan])];
      for (const address of addresses) {
        jobs.push(
          this.at(line, address).catch((error: unknown) =>
            log.debug({ line: name, address, code: errorCode(error) }, "nobody there"),
          ),
        );
      }
    }
    await Promise.all(jobs);
  }

  /** Calls one address. */
  async at(line: LineOwner, address: string): Promise<void> {
    if (line.config.kind === "dlms") return this.#meter(line, address, "dlms");
    const { name } = line.config;
    const caller = await this.#lines.module(line, "scan", (client) => client.call(address));
    if (caller.kind === "module") this.#blocks.keep(name, address, caller.block);
    else if (caller.kind === "garbled") this.#health.garbled(name, address);
    else if (caller.kind === "meter") await this.#meter(line, address, "iec");
  }

  async #meter(line: LineOwner, address: string, kind: "iec" | "dlms"): Promise<void> {
    const { config, devices, clock } = this.#store;
    const given = config.meters.find((meter) => meter.line === line.config.name && meter.address === address);
    const model = given?.model === undefined ? undefined : findMeterModel(given.model);
    const options = { clock, limits: { ...readLimits, responseMs: 3000 } };
    const request: ReadRequest = {
      zone: config.zone,
      ...(model ? { model } : {}),
      ...this.#store.keysOf(given?.name ?? ""),
    };
    const reading = await line.run("scan", (stream, signal) =>
      readDevice(meterUrl(line.config, address), request, { ...options, stream, signal }),
    );
    const name = meterName(reading, given?.name ?? "");
    if (name === "") return;
    this.#store.guarded(() => {
      const { device, changes } = devices.seen({
        name,
        kind,
        model: reading.model.name,
        line: line.config.name,
        address,
        module: 0,
        input: 0,
      });
      this.#store.tell(changes);
      devices.set(device.logicalDevice, { identity: reading.identity });
      this.#health.found(device.logicalDevice);
    });
  }
}
