import { createServer, type Server, type Socket } from "node:net";
import type { Clock } from "@energsys/protocols";
import type { MeterDevice } from "../dlms/meter-device.ts";
import { SimulatorError } from "../errors.ts";
import type { Fault } from "../faults.ts";
import { openLine } from "./meter-line.ts";

export interface ListeningOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly fault?: Fault;
  readonly clock: Clock;
}

/**
 * One meter on its own port. It serves one connection at a time and drops the older one, as meters behind a modem do:
 * a reader that lost its connection gets in again at once.
 */
export class ListeningMeter {
  #device: MeterDevice;
  readonly #options: ListeningOptions;
  readonly #server: Server;
  #socket: Socket | undefined;
  #lastMs = 0;

  constructor(device: MeterDevice, options: ListeningOptions) {
    this.#device = device;
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** @throws SimulatorError `simulator.port-used`, `simulator.port-denied` */
  async listen(): Promise<number> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", (cause: NodeJS.ErrnoException) => reject(listenError(host, port, cause)));
      this.#server.listen({ host, port, backlog: 8 }, resolve);
    });
    const address = this.#server.address();
    return address !== null && typeof address === "object" ? address.port : port;
  }

  /** Another meter is put in its place, behind the same modem. */
  exchange(device: MeterDevice): void {
    this.#device = device;
    this.#socket?.destroy();
  }

  /** Drops a connection on which nothing came for `idleMs`. */
  dropIdle(idleMs: number): void {
    if (this.#socket && this.#options.clock.now() - this.#lastMs > idleMs) this.#socket.destroy();
  }

  async close(): Promise<void> {
    this.#socket?.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #accept(socket: Socket): void {
    this.#socket?.destroy();
    this.#socket = socket;
    this.#lastMs = this.#options.clock.now();
    socket.setNoDelay(true);
    const { fault, clock } = this.#options;
    const open = {
      write: (bytes: Uint8Array) => {
        if (!socket.destroyed) socket.write(bytes);
      },
      destroy: () => {
        socket.destroy();
      },
    };
    const line = openLine(this.#device, open, clock, fault);
    socket.on("data", (chunk: Uint8Array) => {
      this.#lastMs = clock.now();
      line.receive(chunk);
    });
    // A reader that goes away is no fault of the meter.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      line.end?.();
      if (this.#socket === socket) this.#socket = undefined;
    });
  }
}

/** Why a meter cannot listen, in the simulator's codes. */
export function listenError(host: string, port: number, cause: NodeJS.ErrnoException): SimulatorError {
  if (cause.code === "EADDRINUSE") {
    return new SimulatorError(
      "simulator.port-used",
      `port ${port} on ${host} is used by another program`,
      cause,
    );
  }
  return new SimulatorError(
    "simulator.port-denied",
    `cannot listen on ${host}:${port}: ${cause.code}`,
    cause,
  );
}
