import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer, type Server as HttpsServer } from "node:https";
import type { Socket } from "node:net";
import type { Logger } from "pino";
import { loadIdentity, stampOf, type TlsIdentity, type TlsSource } from "./identity.ts";

export interface TlsState {
  /** What the server shows at the moment. */
  identity: TlsIdentity;
  /** Why the newest files are not in use. */
  reloadError: string | undefined;
}

const handshakeByte = 0x16;

/**
 * A server of HTTPS that takes up new files without a restart. Whoever speaks plain HTTP to its port is sent to the same place by
 * HTTPS; nothing else is answered there.
 */
export function createTlsServer(
  state: TlsState,
  handle: RequestListener,
  limits: { readonly headersTimeoutMs: number; readonly requestTimeoutMs: number },
  isHostOurs: (host: string) => boolean,
): HttpsServer {
  const server = createHttpsServer(
    {
      cert: state.identity.certificatePem,
      key: state.identity.keyPem,
      minVersion: "TLSv1.2",
      // Forward secrecy and authenticated ciphers only; those of TLS 1.3 are all of that kind.
      ciphers:
        "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256",
      honorCipherOrder: true,
      handshakeTimeout: limits.headersTimeoutMs,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: 30_000,
    },
    handle,
  );
  const redirect = redirectServer(isHostOurs);
  const [secure] = server.listeners("connection") as ((socket: Socket) => void)[];
  if (!secure) throw new Error("the HTTPS server of Node listens otherwise than before");
  server.removeListener("connection", secure);
  server.on("connection", (socket: Socket) => {
    socket.setTimeout(limits.headersTimeoutMs, () => socket.destroy());
    socket.on("error", () => socket.destroy());
    socket.once("data", (first: Buffer) => {
      socket.setTimeout(0);
      socket.removeAllListeners("timeout");
      socket.pause();
      socket.unshift(first);
      if (first[0] === handshakeByte) secure.call(server, socket);
      else redirect.emit("connection", socket);
      process.nextTick(() => socket.resume());
    });
  });
  // A scanner, or a browser that does not trust the certificate: nothing of ours failed.
  server.on("tlsClientError", (_, socket) => socket.destroy());
  return server;
}

function redirectServer(isHostOurs: (host: string) => boolean): Server {
  const server = createServer({ maxHeaderSize: 8_192, headersTimeout: 10_000 }, (request, response) => {
    const host = request.headers.host ?? "";
    const headers = { connection: "close", "content-length": "0" };
    if (!isHostOurs(host)) response.writeHead(400, headers);
    else response.writeHead(308, { ...headers, location: `https://${host}${request.url ?? "/"}` });
    response.end();
  });
  server.on("clientError", (_, socket) => socket.destroy());
  return server;
}

/** Looks every `everyMs` whether the files are others by now, and renews an own certificate in time. Returns how to end it. */
export function keepIdentityFresh(
  server: HttpsServer,
  state: TlsState,
  source: TlsSource,
  { everyMs, now, logger }: { everyMs: number; now: () => number; logger: Logger },
): () => void {
  let stamp = stampOf(source);
  const look = () => {
    const current = stampOf(source);
    const ends = source.kind === "own" && state.identity.notAfterMs - now() < 30 * 86_400_000;
    if (current === stamp && !ends) return;
    try {
      const identity = loadIdentity(source, now());
      server.setSecureContext({
        cert: identity.certificatePem,
        key: identity.keyPem,
        minVersion: "TLSv1.2",
      });
      state.identity = identity;
      state.reloadError = undefined;
      logger.info({ fingerprint: identity.fingerprint }, "a new certificate is in use");
    } catch (error) {
      // Half-written files are looked at again when they change once more; the old ones stay in use.
      state.reloadError = (error as { code?: string }).code ?? "tls.unreadable";
      logger.error({ err: error }, "the new certificate cannot be used; the one before stays");
    }
    stamp = stampOf(source);
  };
  const timer = setInterval(look, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
