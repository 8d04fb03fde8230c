import type { P1Keys } from "@energsys/protocols/p1";
import { HeadendError } from "./errors.ts";

/** Where the bytes go. A device that calls in has no address of its own: the host part of its URL is empty. */
export type Line =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  /** A serial port of this machine; the rate to begin with, where it is not the protocol's own. */
  | { readonly kind: "serial"; readonly path: string; readonly baudRate?: number }
  | { readonly kind: "call-in" };

export interface DlmsUrl {
  readonly protocol: "dlms";
  /** Framing below the APDUs: TCP wrapper (IEC 62056-47) or HDLC (IEC 62056-46). */
  readonly framing: "wrapper" | "hdlc";
  readonly line: Line;
  readonly client: number;
  /** Logical device: 1 is the management logical device. */
  readonly server: number;
  /** HDLC lower address; absent: the address has only its upper part. */
  readonly physical?: number;
  readonly authentication: "none" | "low";
  readonly password?: string;
}

export interface IecUrl {
  readonly protocol: "iec62056-21";
  readonly line: Line;
  /** Device address on a shared line; empty speaks to whoever is there. */
  readonly address: string;
  /** D: the device sends by itself. E: the sign-on hands over to HDLC, and `dlms` says how to go on. */
  readonly mode: "A" | "B" | "C" | "D" | "E";
  readonly password?: string;
  readonly dlms?: DlmsUrl;
  /** NUL characters before the sign-on, for battery devices. */
  readonly wakeUp?: boolean;
  /** Parity in bit 7, for a serial server that was left at 8N1; serial ports have it in any case. */
  readonly evenParity?: boolean;
  /** Whether the line sends back what is sent; found out unless told. */
  readonly echo?: boolean;
}

/** A customer port that sends by itself; nothing is ever written to it. */
export interface P1Url {
  readonly protocol: "p1";
  readonly line: Line;
  /** Of a port that ciphers whole telegrams (Luxembourg, Austria); telegrams in the clear are then passed over. */
  readonly keys?: P1Keys;
}

export type DeviceUrl = DlmsUrl | IecUrl | P1Url;

const dlmsPort = 4059;

/**
 * Parses a device's URL (docs/reading.md): `dlms+tcp://host:4059?client=16&server=1&auth=low&password=…`,
 * `dlms+hdlc+tcp://…&physical=17`, `iec62056-21+tcp://host:port?address=…&mode=C`, `p1+tcp://host:port?ek=…&ak=…`; on a serial port
 * `dlms+hdlc+serial:/dev/ttyUSB0?baud=9600`, `iec62056-21+serial:/dev/ttyUSB0?mode=E`, `p1+serial:/dev/ttyUSB0`.
 * @throws HeadendError `url.invalid`, `url.scheme-unknown`, `url.parameter-unknown`, `url.parameter-invalid`,
 *   `url.port-missing`, `url.authentication-not-yet`, `url.naming-not-yet`
 */
export function parseDeviceUrl(text: string): DeviceUrl {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined)
    throw new HeadendError("url.invalid", `not a device URL: ${withoutSecrets(text)}`);
  if (!Object.hasOwn(parsers, scheme))
    throw new HeadendError("url.scheme-unknown", `unknown scheme: ${scheme}`);
  const url = URL.parse(text);
  const place = text.slice(scheme.length + 1).split("?")[0] ?? "";
  const placed = scheme.endsWith("+serial")
    ? /^(?:\/dev\/[\w.:@/-]+|COM\d+)$/i.test(place) && !place.includes("..")
    : place.startsWith("//") && /^\/?$/.test(url?.pathname ?? "");
  if (!url || !placed || url.username || url.hash) {
    throw new HeadendError("url.invalid", `not a device URL: ${withoutSecrets(text)}`);
  }
  const parameters = new Parameters(url.searchParams);
  const parsed = parsers[scheme as keyof typeof parsers](url, parameters);
  parameters.refuseUnknown();
  return parsed;
}

/** The URL as it may be shown and logged: a password or key in it becomes `…`. */
export function withoutSecrets(text: string): string {
  return text.replace(/([?&](?:password|ek|ak|dk)=)[^&#]*/gi, "$1…");
}

const parsers = {
  "dlms+tcp": (url: URL, parameters: Parameters) => dlmsUrl(url, parameters, "wrapper"),
  "dlms+hdlc+tcp": (url: URL, parameters: Parameters) => dlmsUrl(url, parameters, "hdlc"),
  "dlms+hdlc+serial": (url: URL, parameters: Parameters) => dlmsUrl(url, parameters, "hdlc"),
  "iec62056-21+tcp": iecUrl,
  "iec62056-21+serial": iecUrl,
  "p1+tcp": p1Url,
  "p1+serial": p1Url,
};

function p1Url(url: URL, parameters: Parameters): P1Url {
  const encryption = p1Key(parameters, "ek");
  const authentication = p1Key(parameters, "ak");
  const tag = parameters.text("tag") ?? "checked";
  if (tag !== "checked" && tag !== "unchecked") {
    throw new HeadendError("url.parameter-invalid", `tag=${tag}: checked or unchecked`);
  }
  const line = lineOf(url, parameters);
  if (!encryption) {
    if (!authentication && tag === "checked") return { protocol: "p1", line };
    throw new HeadendError("url.parameter-invalid", "ak and tag belong to ek, the encryption key");
  }
  if (!authentication && tag === "checked") {
    throw new HeadendError(
      "url.parameter-invalid",
      "ek needs ak, or tag=unchecked where nobody hands it out",
    );
  }
  const keys: P1Keys = {
    encryption,
    ...(authentication && { authentication }),
    ...(tag === "unchecked" && { tagUnchecked: true }),
  };
  return { protocol: "p1", line, keys };
}

function p1Key(parameters: Parameters, name: "ek" | "ak"): Uint8Array | undefined {
  const text = parameters.text(name);
  if (text === undefined) return undefined;
  if (!/^[0-9a-f]{32}$/i.test(text)) {
    throw new HeadendError("url.parameter-invalid", `${name}: 16 bytes as hexadecimal digits`);
  }
  return Uint8Array.from(Buffer.from(text, "hex"));
}

function dlmsUrl(url: URL, parameters: Parameters, framing: "wrapper" | "hdlc"): DlmsUrl {
  const authentication = parameters.text("auth") ?? "none";
  const password = parameters.text("password");
  for (const key of ["ek", "ak", "title"]) parameters.text(key);
  if (authentication === "gmac") {
    throw new HeadendError("url.authentication-not-yet", "auth=gmac comes with the version that ciphers");
  }
  if (authentication !== "none" && authentication !== "low") {
    throw new HeadendError("url.parameter-invalid", `auth=${authentication}: none or low`);
  }
  const naming = parameters.text("naming") ?? "ln";
  if (naming === "sn") throw new HeadendError("url.naming-not-yet", "short names come with a later version");
  if (naming !== "ln") throw new HeadendError("url.parameter-invalid", `naming=${naming}: ln or sn`);
  const physical = framing === "hdlc" ? parameters.number("physical", 0, 0x3fff) : undefined;
  return {
    protocol: "dlms",
    framing,
    line: lineOf(url, parameters, dlmsPort),
    client: parameters.number("client", 1, framing === "hdlc" ? 0x7f : 0xffff) ?? 16,
    server: parameters.number("server", 0, framing === "hdlc" ? 0x3fff : 0xffff) ?? 1,
    ...(physical === undefined ? {} : { physical }),
    authentication,
    ...(password === undefined ? {} : { password }),
  };
}

const modes = ["A", "B", "C", "D", "E"] as const;

function iecUrl(url: URL, parameters: Parameters): IecUrl {
  const letter = (parameters.text("mode") ?? "C").toUpperCase();
  const mode = modes.find((known) => known === letter);
  if (!mode) throw new HeadendError("url.parameter-invalid", `mode=${letter}: A, B, C, D or E`);
  const address = parameters.text("address") ?? "";
  if (!/^[0-9A-Za-z ]{0,32}$/.test(address)) {
    throw new HeadendError("url.parameter-invalid", "address: up to 32 of 0-9 A-Z a-z and space");
  }
  const password = parameters.text("password");
  const wakeUp = parameters.flag("wakeup");
  const evenParity = parameters.flag("parity");
  const echo = parameters.flag("echo");
  const line = lineOf(url, parameters);
  return {
    protocol: "iec62056-21",
    line,
    address,
    mode,
    ...(mode === "E" ? { dlms: { ...dlmsUrl(url, parameters, "hdlc"), line } } : {}),
    ...(password === undefined ? {} : { password }),
    ...(wakeUp === undefined ? {} : { wakeUp }),
    ...(evenParity === undefined ? {} : { evenParity }),
    ...(echo === undefined ? {} : { echo }),
  };
}

function lineOf(url: URL, parameters: Parameters, portDefault?: number): Line {
  if (url.protocol.endsWith("+serial:")) {
    const baudRate = parameters.number("baud", 50, 4_000_000);
    return { kind: "serial", path: url.pathname, ...(baudRate === undefined ? {} : { baudRate }) };
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (host === "") return { kind: "call-in" };
  const port = url.port === "" ? portDefault : Number(url.port);
  if (port === undefined)
    throw new HeadendError("url.port-missing", "this protocol has no port of its own: host:port");
  if (port === 0) throw new HeadendError("url.parameter-invalid", "port 0 is no port");
  return { kind: "tcp", host, port };
}

/** Query parameters; each is asked for by name, and what nobody asked for is a spelling mistake. */
class Parameters {
  readonly #parameters: URLSearchParams;
  readonly #asked = new Set<string>();

  constructor(parameters: URLSearchParams) {
    this.#parameters = parameters;
  }

  text(name: string): string | undefined {
    this.#asked.add(name);
    return this.#parameters.get(name) ?? undefined;
  }

  number(name: string, min: number, max: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!/^\d{1,7}$/.test(text) || value < min || value > max) {
      throw new HeadendError("url.parameter-invalid", `${name}=${text}: a number from ${min} to ${max}`);
    }
    return value;
  }

  /** `yes` or `no`. */
  flag(name: string): boolean | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (text !== "yes" && text !== "no")
      throw new HeadendError("url.parameter-invalid", `${name}=${text}: yes or no`);
    return text === "yes";
  }

  refuseUnknown(): void {
    for (const name of this.#parameters.keys()) {
      if (!this.#asked.has(name))
        throw new HeadendError("url.parameter-unknown", `unknown parameter: ${name}`);
    }
  }
}
