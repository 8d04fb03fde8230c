import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { HeldBytes, TcpLine } from "@energsys/drivers";
import type { Clock } from "@energsys/protocols";
import type { DeviceCertificate } from "@energsys/store";
import type { DeviceTls } from "./device-tls.ts";
import type { Limits } from "./limits.ts";
import { type Registration, recogniseRegistration } from "./registration.ts";

export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly limits: Limits;
  /** Addresses behind which many devices stand (NAT, tunnels): their number of unknown callers is not limited to a few. */
  readonly sharedAddresses: readonly string[];
  /** Callers show certificates; absent: they speak in the clear. */
  readonly tls?: DeviceTls;
  /** A caller said who it is, and showed a certificate where there is TLS. It decides what becomes of the line. */
  readonly onRegistration: (
    line: TcpLine,
    registration: Registration,
    certificate: DeviceCertificate | undefined,
  ) => void;
  /** A caller was sent away before it said who it is; `identity` is that of the certificate which it showed. */
  readonly onRefused: (refusal: Refusal) => void;
}

export interface Refusal {
  readonly code: string;
  readonly remoteAddress: string;
  readonly identity?: string;
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
    const { clock, limits, sharedAddresses, tls, onRefused } = this.#options;
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
    this.#unidentified.set(remoteAddress, already + 1);
    let settled = false;
    const settle = () => {
      if (settled) return;
      settled = true;
      cancel();
      const left = (this.#unidentified.get(remoteAddress) ?? 1) - 1;
      if (left > 0) this.#unidentified.set(remoteAddress, left);
      else this.#unidentified.delete(remoteAddress);
    };
    socket.on("close", () => {
      this.#sockets.delete(socket);
      settle();
    });
    let close = () => {
      socket.destroy();
    };
    const refuse = (code: string, identity?: string) => {
      if (settled) return;
      settle();
      close();
      onRefused({ code, remoteAddress, ...(identity === undefined ? {} : { identity }) });
    };
    const cancel = clock.after(limits.identifyMs, () => refuse("call-in.silent"));
    const identify = (stream: Socket, certificate: DeviceCertificate | undefined) => {
      const line = new TcpLine(stream, clock, limits, this.#held);
      close = () => line.close();
      this.#identify(line, refuse, (registration) => {
        settle();
        this.#options.onRegistration(line, registration, certificate);
      });
    };
    if (tls) this.#secure(tls, socket, identify, refuse).catch(() => refuse("call-in.tls"));
    else identify(socket, undefined);
  }

  async #secure(
    tls: DeviceTls,
    socket: Socket,
    identify: (stream: Socket, certificate: DeviceCertificate) => void,
    refuse: (code: string, identity?: string) => void,
  ): Promise<void> {
    const secured = await tls.secure(socket);
    secured.on("error", () => {});
    const shown = await tls.look(secured);
    if (!shown.ok) refuse(shown.code, shown.identity);
    else if (!secured.destroyed) identify(secured, shown.certificate);
  }

  #identify(
    line: TcpLine,
    refuse: (code: string) => void,
    admit: (registration: Registration) => void,
  ): void {
    const { limits } = this.#options;
    let received: Uint8Array = new Uint8Array(0);
    let known = false;
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
      known = true;
      // A registration may be a push itself, with values and the wish to be confirmed, and more may have come behind it.
      line.putBack(found.form === "text" ? found.rest : received);
      admit(found);
    });
  }
}
