import { createServer, type Server, type Socket } from "node:net";
import { realClock, TcpLine } from "@energsys/drivers";
import type { ByteStream } from "@energsys/protocols";
import {
  type AssociationOptions,
  confirmationOf,
  type DataNotification,
  DlmsClient,
  decodeApdu,
  encodeApdu,
} from "@energsys/protocols/dlms";
import {
  encodeWrapperFrame,
  takeWrapperFrame,
  WrapperLink,
  type WrapperPorts,
} from "@energsys/protocols/wrapper";

/** What a centre does with a notification: confirms it, keeps silent, or closes the line. */
export type Treatment = "confirm" | "silence" | "close";

/** A centre as small as it can be: takes one line at a time, confirms what comes, reads with the client of the codec. */
export class TestCentre {
  readonly notifications: DataNotification[] = [];
  readonly lines: CentreSide[] = [];
  treat: (notification: DataNotification) => Treatment = () => "confirm";
  readonly #server: Server;
  #waiting: ((line: CentreSide) => void)[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(server = createServer()): Promise<TestCentre> {
    const centre = new TestCentre(server);
    server.on("setSecureContext" in server ? "secureConnection" : "connection", (socket: Socket) => {
      const line = new CentreSide(socket, centre);
      centre.lines.push(line);
      for (const resolve of centre.#waiting.splice(0)) resolve(line);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return centre;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address ? address.port : 0;
  }

  /** The next line that is called in. */
  nextLine(): Promise<CentreSide> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  async stop(): Promise<void> {
    for (const line of this.lines) line.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** The centre's end of one line. */
export class CentreSide {
  readonly socket: Socket;
  readonly #line: TcpLine;
  readonly #centre: TestCentre;
  readonly #listeners = new Map<number, { stream: ((bytes: Uint8Array) => void)[]; ends: (() => void)[] }>();
  #received: Uint8Array = new Uint8Array(0);

  constructor(socket: Socket, centre: TestCentre) {
    this.socket = socket;
    this.#centre = centre;
    this.#line = new TcpLine(socket, realClock);
    const stream = this.#line.stream();
    stream.onBytes((chunk) => this.#receive(chunk));
    stream.onEnd(() => {
      for (const { ends } of this.#listeners.values()) for (const end of ends) end();
    });
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Opens an association of `client` with a logical device; several may stand at the same time. */
  async associate(client: number, server: number, options: Partial<AssociationOptions> = {}) {
    const link = new WrapperLink(this.#streamOf(client, server), realClock, {
      client,
      server,
      responseTimeoutMs: 20_000,
      closeStream: false,
      apduLengthMax: 0xffff,
    });
    return DlmsClient.associate(link, { authentication: { kind: "none" }, ...options });
  }

  /** Sends one APDU and gives the next that comes with the ports turned round. */
  exchange(client: number, server: number, apdu: Uint8Array): Promise<Uint8Array> {
    const link = new WrapperLink(this.#streamOf(client, server), realClock, {
      client,
      server,
      responseTimeoutMs: 20_000,
      closeStream: false,
    });
    return link.exchange(apdu);
  }

  #streamOf(client: number, server: number): ByteStream {
    const hearers = { stream: [] as ((bytes: Uint8Array) => void)[], ends: [] as (() => void)[] };
    this.#listeners.set((client << 16) | server, hearers);
    return {
      write: (bytes) => this.#line.write(bytes),
      onBytes: (listener) => hearers.stream.push(listener),
      onEnd: (listener) => hearers.ends.push(() => listener()),
      close: () => {},
    };
  }

  #receive(chunk: Uint8Array): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (let taken = takeWrapperFrame(this.#received); taken; taken = takeWrapperFrame(this.#received)) {
      const { apdu, sourcePort, destinationPort } = taken.frame;
      const frame = this.#received.slice(0, taken.end);
      this.#received = this.#received.slice(taken.end);
      if (apdu[0] === 0x0f) this.#notified(apdu, { sourcePort, destinationPort });
      else
        for (const listener of this.#listeners.get((destinationPort << 16) | sourcePort)?.stream ?? [])
          listener(frame);
    }
  }

  #notified(apdu: Uint8Array, { sourcePort, destinationPort }: WrapperPorts): void {
    const notification = decodeApdu(apdu.slice()) as DataNotification;
    this.#centre.notifications.push(notification);
    const treatment = this.#centre.treat(notification);
    if (treatment === "close") this.#line.close();
    const confirm = treatment === "confirm" && confirmationOf(notification);
    if (confirm)
      this.#line.write(
        encodeWrapperFrame({
          sourcePort: destinationPort,
          destinationPort: sourcePort,
          apdu: encodeApdu(confirm),
        }),
      );
  }
}
