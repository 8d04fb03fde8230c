import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A line between a reader and a device that is cut after a number of bytes, in whichever direction they go. */
export class CuttingProxy {
  /** Bytes that went through since the last `arm`. */
  passed = 0;
  #left = Number.POSITIVE_INFINITY;
  #once = false;
  readonly #server;
  readonly #sockets = new Set<Socket>();

  private constructor(target: { readonly host: string; readonly port: number }) {
    this.#server = createServer((reader) => {
      const device = connect(target);
      this.#sockets.add(reader);
      this.#sockets.add(device);
      const cut = () => {
        reader.destroy();
        device.destroy();
      };
      for (const [from, to] of [
        [reader, device],
        [device, reader],
      ] as const) {
        from.setNoDelay(true);
        from.on("data", (bytes: Buffer) => {
          const through = bytes.subarray(0, this.#left);
          this.passed += through.length;
          this.#left -= through.length;
          if (through.length < bytes.length && this.#once) this.#left = Number.POSITIVE_INFINITY;
          // What came through is delivered before the line is dead, as on a real one.
          if (through.length === bytes.length) to.write(through);
          else if (through.length === 0) cut();
          else to.write(through, cut);
        });
        from.on("error", cut);
        from.on("close", () => {
          this.#sockets.delete(from);
          to.end();
        });
      }
    });
  }

  static async before(target: { readonly host: string; readonly port: number }): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The next `bytes` go through; then the line is dead until it is healed, or for that connection only (`once`). */
  cutAfter(bytes: number, { once: only = false } = {}): void {
    this.passed = 0;
    this.#left = bytes;
    this.#once = only;
  }

  heal(): void {
    this.passed = 0;
    this.#left = Number.POSITIVE_INFINITY;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}
