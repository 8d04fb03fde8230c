import { zoneOffset } from "@energsys/protocols/iec62056-21";
import type { LineConfig } from "../config.ts";
import type { ConcentratorOptions, Device } from "../edge.ts";
import { ConcentratorError } from "../errors.ts";
import { LineOwner, type Priority } from "../line.ts";
import { findModuleBlock, type ModuleBlock } from "../module-block.ts";
import { ModuleClient } from "../module-client.ts";
import type { EdgeStore } from "./edge-store.ts";

const modulePassword = "00000000";
/** A block of a supply unit that comes unasked is looked for in the last bytes. */
const unaskedBytesMax = 4096;
/** `/`, which is nowhere else in a block. */
const blockBegin = 0x2f;

/** The lines of one concentrator, by their names in the configuration. */
export class EdgeLines {
  readonly all: ReadonlyMap<string, LineOwner>;
  readonly #store: EdgeStore;
  readonly #offset;

  constructor(store: EdgeStore, { clock, openLine }: Pick<ConcentratorOptions, "clock" | "openLine">) {
    this.#store = store;
    this.#offset = zoneOffset(store.config.zone);
    this.all = new Map(
      store.config.lines.map((line) => [
        line.name,
        new LineOwner(line, clock, openLine, (broken, detail) => this.#told(line, broken, detail)),
      ]),
    );
  }

  #told({ name }: LineConfig, broken: boolean, detail: string): void {
    const store = this.#store;
    store.guarded(() => {
      store.log.warn({ line: name, detail }, broken ? "line broken" : "line back");
      store.recordEvent(broken ? 0x0307 : 0x0308, detail ? `${name}: ${detail}` : name);
    });
  }

  /** @throws ConcentratorError `line.broken` */
  of(device: Device): LineOwner {
    const line = this.all.get(device.line);
    if (!line) throw new ConcentratorError("line.broken", `no line ${device.line}`);
    return line;
  }

  /** Hears what supply units send by themselves. */
  listen(taken: (line: string, block: ModuleBlock) => void): void {
    for (const [name, line] of this.all) {
      if (!line.config.supply) continue;
      let text = new Uint8Array(0);
      line.onUnasked = (chunk) => {
        const heard = Uint8Array.from([...text, ...chunk.map((byte) => byte & 0x7f)].slice(-unaskedBytesMax));
        // What stands before the newest beginning is noise, or a block that was cut.
        const begins = heard.lastIndexOf(blockBegin);
        text = begins < 0 ? new Uint8Array(0) : heard.slice(begins);
        const block = findModuleBlock(text, this.#offset);
        if (!block) return;
        text = new Uint8Array(0);
        taken(name, block);
      };
      void line.listen();
    }
  }

  /** Speaks to a module, or calls whoever is at an address of IEC 62056-21. */
  module<Result>(
    line: LineOwner,
    priority: Priority,
    work: (client: ModuleClient) => Promise<Result>,
  ): Promise<Result> {
    return line.run(priority, (stream) =>
      work(
        new ModuleClient(stream, {
          clock: this.#store.clock,
          offset: this.#offset,
          baudRate: line.config.place.kind === "serial" ? line.config.place.baudRate : 9600,
          evenParity: line.config.evenParity,
        }),
      ),
    );
  }

  passwordOf(device: Device): string {
    return this.#store.config.secrets.get(device.name)?.password ?? modulePassword;
  }

  close(): void {
    for (const line of this.all.values()) line.close();
  }
}
