import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { HeldBytes, TcpLine } from "@energsys/drivers";
import type { Clock } from "@energsys/protocols";
import type { Limits } from "./limits.ts";
import { type Registration, recogniseRegistration } from "./registration.ts";

export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly limits: Limits;
  /** Addresses behind which many devices stand (NAT, tunnels): their number of unknown callers is not limited to a few. */
  readonly sharedAddresses: readonly string[];
  /** A caller said who it is. It decides what becomes of the line. */
  readonly onRegistration: (line: TcpLine, registration: Registration) => void;
  /** A caller was sent away before anybody knew it. */
  readonly onRefused: (refusal: { code: string; remoteAddress: string }) => void;
}

/**
 * Takes the calls of devices. A caller is nobody until it has said who it is: it gets a time, a number of bytes and a place
 * among few of its address, so that strangers cost next to nothing.
 */
export class CallListener {
  readonly #options: ListenerOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #unidentified = new Map<string, number>();
  readonly #held: HeldBytes;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#held = new HeldBytes(options.limits.bytesUnaskedOfAll);
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.#server.maxConnections = options.limits.connections;
  }

  /** Address that is listened on, `host:port`. @throws Error of the system when the port is taken */
  async start(): Promise<string> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ host, port }, () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
    this.#server.on("error", () => {});
    const address = this.#server.address() as AddressInfo;
    return `${address.address.includes(":") ? `[${address.address}]` : address.address}:${address.port}`;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** Takes no more calls, and cuts those that are still unknown or open. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    const { clock, limits, sharedAddresses, onRefused } = this.#options;
    const remoteAddress = socket.remoteAddress ?? "";
    socket.on("error", () => {});
    const most = sharedAddresses.includes(remoteAddress)
      ? limits.connectionsUnidentifiedPerSharedAddress
      : limits.connectionsUnidentifiedPerAddress;
    const already = this.#unidentified.get(remoteAddress) ?? 0;
    if (already >= most) {
      socket.destroy();
      onRefused({ code: "call-in.too-many", remoteAddress });
      return;
    }
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    this.#unidentified.set(remoteAddress, already + 1);

    const line = new TcpLine(socket, clock, limits, this.#held);
    let received: Uint8Array = new Uint8Array(0);
    let known = false;
    const settle = () => {
      if (known) return;
      known = true;
      cancel();
      const left = (this.#unidentified.get(remoteAddress) ?? 1) - 1;
      if (left > 0) this.#unidentified.set(remoteAddress, left);
      else this.#unidentified.delete(remoteAddress);
    };
    const refuse = (code: string) => {
      settle();
      line.close();
      onRefused({ code, remoteAddress });
    };
    const cancel = clock.after(limits.identifyMs, () => refuse("call-in.silent"));
    line.onEnd(settle);
    line.stream().onBytes((chunk) => {
      // Between the registration and the answer to it: kept for whoever talks to this device next.
      if (known) {
        line.putBack(chunk);
        return;
      }
      const joined = new Uint8Array(received.length + chunk.length);
      joined.set(received);
      joined.set(chunk, received.length);
      received = joined;
      const found = recogniseRegistration(received);
      if (found === "more") {
        if (received.length > limits.bytesUnidentified) refuse("call-in.too-long");
        return;
      }
      if (found === "unknown") {
        refuse("call-in.unrecognised");
        return;
      }
      settle();
      // A registration may be a push itself, with values and the wish to be confirmed, and more may have come behind it.
      line.putBack(found.form === "text" ? found.rest : received);
      this.#options.onRegistration(line, found);
    });
  }
}
