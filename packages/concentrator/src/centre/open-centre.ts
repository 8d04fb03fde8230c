import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { dial, TcpLine } from "@energsys/drivers";
import type { ByteStream, Clock } from "@energsys/protocols";
import type { CentreTls } from "../config.ts";
import { ConcentratorError } from "../errors.ts";

const handshakeMs = 30_000;

/**
 * Calls one of the centre's addresses, `host:port`: in the clear, or with certificates on both sides when the configuration names them.
 * The centre's certificate must carry the host of the address. The files are read for each call: a renewed certificate needs no restart.
 * @throws DriverError `dial.*`; ConcentratorError `centre.certificate` (a file cannot be read), `centre.tls` (the handshake failed, or the
 *   other side is not who it should be)
 */
export async function openCentre(
  address: string,
  tls: CentreTls | undefined,
  clock: Clock,
): Promise<ByteStream> {
  const split = address.lastIndexOf(":");
  const host = address.slice(0, split).replace(/^\[|\]$/g, "");
  const port = Number(address.slice(split + 1));
  if (!tls) return (await dial({ host, port }, clock)).stream();
  // A server name is never an address (RFC 6066); that of the certificate is compared with the host either way.
  const name = isIP(host) ? {} : { servername: host };
  const socket = connectTls({ host, port, ...name, minVersion: "TLSv1.2", ...filesOf(tls) });
  await handshake(socket, clock);
  return new TcpLine(socket, clock).stream();
}

function filesOf(tls: CentreTls) {
  try {
    if ("file" in tls) return partsOf(readFileSync(tls.file, "latin1"), tls.file);
    const { certificate, key, authority } = tls;
    return { cert: readFileSync(certificate), key: readFileSync(key), ca: readFileSync(authority) };
  } catch (cause) {
    throw new ConcentratorError("centre.certificate", (cause as Error).message, cause);
  }
}

const pemBlock = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----/g;

/** Of the device's file: its own certificate comes first, those after it are the authorities of the centre. */
function partsOf(text: string, path: string) {
  const blocks = [...text.matchAll(pemBlock)];
  const certificates = blocks.filter(([, kind]) => kind === "CERTIFICATE").map(([block]) => block);
  const key = blocks.find(([, kind = ""]) => kind.endsWith("PRIVATE KEY"))?.[0];
  if (certificates.length < 2 || key === undefined)
    throw new Error(`${path} lacks a certificate, a key or an authority`);
  return { cert: certificates[0], key, ca: certificates.slice(1) };
}

function handshake(socket: TLSSocket, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(handshakeMs, () => fail(new Error("no handshake in time")));
    const fail = (cause: Error) => {
      cancel();
      socket.on("error", () => {});
      socket.destroy();
      reject(new ConcentratorError("centre.tls", cause.message, cause));
    };
    socket.once("error", fail);
    socket.once("secureConnect", () => {
      cancel();
      socket.off("error", fail);
      resolve();
    });
  });
}
