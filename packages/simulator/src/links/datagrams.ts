import { createSocket, type Socket } from "node:dgram";
import type { MeterDevice } from "../dlms/meter-device.ts";
import type { Fault } from "../faults.ts";
import { listenError } from "./listening.ts";
import { type MeterLine, openDatagramLine } from "./meter-line.ts";

export interface DatagramOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly fault?: Fault;
}

/**
 * One meter on its own UDP port (IEC 62056-47): a datagram is a frame. It serves one reader at a time; whoever sends from
 * another address takes its place, and its association with it.
 */
export class DatagramMeter {
  readonly #device: MeterDevice;
  readonly #options: DatagramOptions;
  readonly #socket: Socket = createSocket("udp4");
  #line: MeterLine | undefined;
  #reader = "";

  constructor(device: MeterDevice, options: DatagramOptions) {
    this.#device = device;
    this.#options = options;
    this.#socket.on("message", (datagram, { address, port }) => this.#take(datagram, address, port));
  }

  /** @throws SimulatorError `simulator.port-used`, `simulator.port-denied` */
  async listen(): Promise<number> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#socket.once("error", (cause: NodeJS.ErrnoException) => reject(listenError(host, port, cause)));
      this.#socket.bind(port, host, resolve);
    });
    // A reader that is gone is told by the system; it is no fault of the meter.
    this.#socket.removeAllListeners("error").on("error", () => undefined);
    return this.#socket.address().port;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#socket.close(resolve);
    });
  }

  #take(datagram: Uint8Array, address: string, port: number): void {
    const reader = `${address}:${port}`;
    if (!this.#line || reader !== this.#reader) {
      this.#reader = reader;
      const outlet = {
        write: (bytes: Uint8Array) => this.#socket.send(bytes, port, address),
        destroy: () => {
          this.#line = undefined;
        },
      };
      this.#line = openDatagramLine(this.#device, outlet, this.#options.fault);
    }
    this.#line.receive(datagram);
  }
}
