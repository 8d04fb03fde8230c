import { createSocket, type SocketOptions } from "node:dgram";
import type { ByteStream } from "@energsys/protocols";
import { DriverError } from "./errors.ts";
import { guardedLookup, type MayDial } from "./guarded-lookup.ts";

/**
 * A datagram socket to one device; each chunk of the stream is one datagram. Bound to the device's address, so that the system drops
 * what others send, and a port where nobody listens is heard of as the end.
 * @throws DriverError `dial.unknown-host`, `dial.not-allowed`, `dial.failed`
 */
export async function openUdp(
  address: { readonly host: string; readonly port: number },
  mayDial?: MayDial,
): Promise<ByteStream> {
  // A datagram socket asks for one address, and is given one.
  const guard = mayDial && {
    lookup: guardedLookup(address.host, address.port, mayDial) as NonNullable<SocketOptions["lookup"]>,
  };
  const socket = createSocket({ type: address.host.includes(":") ? "udp6" : "udp4", ...guard });
  const hearers: ((bytes: Uint8Array) => void)[] = [];
  const ends: ((cause?: Error) => void)[] = [];
  let end: { readonly cause?: Error } | undefined;
  const ended = (cause?: Error): void => {
    if (end) return;
    end = cause === undefined ? {} : { cause };
    socket.close();
    for (const listener of ends) listener(cause);
  };
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.connect(address.port, address.host, resolve);
    });
  } catch (cause) {
    socket.close();
    if (cause instanceof DriverError) throw cause;
    const { code = "" } = cause as NodeJS.ErrnoException;
    const unknown = code === "ENOTFOUND" || code === "EAI_AGAIN";
    throw new DriverError(unknown ? "dial.unknown-host" : "dial.failed", `${address.host}: ${code}`, cause);
  }
  socket.removeAllListeners("error");
  socket.on("error", ended);
  socket.on("message", (datagram) => {
    for (const listener of hearers) listener(datagram);
  });
  return {
    write: (bytes) => {
      if (end) return;
      socket.send(bytes, (error) => {
        if (error) ended(error);
      });
    },
    onBytes: (listener) => {
      hearers.push(listener);
    },
    onEnd: (listener) => {
      if (end) listener(end.cause);
      else ends.push(listener);
    },
    close: () => ended(),
  };
}
