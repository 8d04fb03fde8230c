import { connect as connectTcp, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import type { MayConnect } from "@energsys/store";
import { Client, ResultCodeError } from "ldapts";
import { AddressRefused, guardedLookup } from "../security/guarded-lookup.ts";
import type { DirectorySettings } from "./settings.ts";

/** Why a directory could not be asked; `docs/errors.md` has the codes. */
export class DirectoryError extends Error {
  override readonly name = "DirectoryError";
  readonly code: string;

  constructor(code: string, detail: string, cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

export type Step = "connect" | "tls" | "service-account" | "search" | "groups" | "password";

export interface Conversation {
  readonly server: string;
  readonly settings: DirectorySettings;
  /** Password of the service account. */
  readonly secret: string;
  /** Everything together takes no longer than this; a server that hangs is given up sooner. */
  readonly withinMs: number;
  /** Says of an address whether it may be called. */
  readonly mayConnect: MayConnect;
  /** Hears of each step that went well. */
  readonly onStep?: (step: Step) => void;
}

/** A server that is there answers each question within this. */
const answerMs = 2_400;

/**
 * Asks one server: connects, switches to TLS, binds the service account, then does `work`. Nothing is sent before TLS stands and
 * the certificate was checked. The connection is made once: the library would connect anew by itself, after a cut without TLS.
 * @throws DirectoryError `directory.not-allowed`, `directory.unreachable`, `directory.certificate`, `directory.service-account`, `directory.failed`
 */
export async function withDirectory<Result>(
  conversation: Conversation,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const { server, settings, secret, withinMs, mayConnect, onStep } = conversation;
  const { protocol, hostname } = new URL(server.replace(/^ldap/, "http"));
  const host = hostname.replace(/^\[|\]$/g, "");
  const tlsOptions: ConnectionOptions = {
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(settings.ca === "" ? {} : { ca: settings.ca }),
    minVersion: "TLSv1.2",
  };
  const secure = protocol === "https:";
  const sockets: Socket[] = [];
  const once = <S extends Socket>(open: () => S): S => {
    const socket = open();
    sockets.push(socket);
    return socket;
  };
  const refuseSecond = () => {
    if (sockets.length > 0) throw new DirectoryError("directory.unreachable", "the connection was cut");
  };
  const client = new Client({
    url: server,
    timeout: Math.min(withinMs, answerMs),
    connectTimeout: Math.min(withinMs, answerMs),
    strictDN: false,
    // The library takes these for a wish to begin with TLS, whatever the address says.
    ...(secure ? { tlsOptions } : {}),
    createConnection: ((port: number, name: string) => {
      refuseSecond();
      return once(() => connectTcp({ port, host: name, lookup: guardedLookup(name, port, mayConnect) }));
    }) as never,
    createSecureConnection: ((first: number | ConnectionOptions, name?: string) => {
      if (typeof first !== "number") return once(() => connectTls(first));
      refuseSecond();
      const to = name ?? host;
      return once(() =>
        connectTls({ ...tlsOptions, port: first, host: to, lookup: guardedLookup(to, first, mayConnect) }),
      );
    }) as never,
  });
  let reached: Step = "connect";
  const passed = (step: Step, next: Step) => {
    onStep?.(step);
    reached = next;
  };
  const timers: NodeJS.Timeout[] = [];
  const deadline = new Promise<never>((_, reject) => {
    const late = (ms: number, isLate: () => boolean) =>
      setTimeout(() => {
        if (isLate())
          reject(new DirectoryError("directory.unreachable", `no answer within ${Math.round(ms)} ms`));
      }, ms);
    timers.push(late(withinMs, () => true));
    timers.push(late(Math.min(withinMs, answerMs), () => reached !== "search"));
  });
  const run = async () => {
    if (!secure) {
      await client.startTLS({ ...tlsOptions });
      passed("connect", "tls");
      passed("tls", "service-account");
    }
    await client.bind(settings.bindDn, secret);
    if (secure) {
      passed("connect", "tls");
      passed("tls", "service-account");
    }
    passed("service-account", "search");
    return work(client);
  };
  try {
    return await Promise.race([run(), deadline]);
  } catch (error) {
    throw asDirectoryError(error, reached);
  } finally {
    for (const timer of timers) clearTimeout(timer);
    // A server that hangs would not let go by itself.
    void client.unbind().catch(() => {});
    setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, 100).unref();
  }
}

const certificateCodes =
  /^(ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|ERR_OSSL|HOSTNAME_MISMATCH|EPROTO)/;

function asDirectoryError(error: unknown, reached: Step): DirectoryError {
  if (error instanceof DirectoryError) return error;
  if (error instanceof AddressRefused)
    return new DirectoryError("directory.not-allowed", error.message, error);
  const { code, message } = error as { code?: unknown; message: string };
  if (typeof code === "string" && certificateCodes.test(code)) {
    return new DirectoryError("directory.certificate", message, error);
  }
  if (!(error instanceof ResultCodeError)) return new DirectoryError("directory.unreachable", message, error);
  return reached === "service-account" || reached === "connect"
    ? new DirectoryError("directory.service-account", message, error)
    : new DirectoryError("directory.failed", message, error);
}
