import { type DeviceSecret, secretKinds } from "@energsys/metering";
import { type DlmsUrl, dlmsSettings } from "./dlms-url.ts";
import { DriverError } from "./errors.ts";
import { Parameters } from "./url-parameters.ts";

export type { DlmsUrl } from "./dlms-url.ts";

/** Where the bytes go. A device that calls in has no address of its own: the host part of its URL is empty. */
export type Line =
  | { readonly kind: "tcp" | "udp"; readonly host: string; readonly port: number }
  /** A serial port of this machine; the rate to begin with, where it is not the protocol's own. */
  | { readonly kind: "serial"; readonly path: string; readonly baudRate?: number }
  | ModemLine
  | { readonly kind: "call-in" };

/** A data call by a modem with AT commands, on a serial port or behind a serial server. */
export interface ModemLine {
  readonly kind: "modem";
  readonly via:
    | { readonly kind: "serial"; readonly path: string; readonly baudRate?: number }
    | { readonly kind: "tcp"; readonly host: string; readonly port: number };
  readonly number: string;
  readonly dialling: "plain" | "tone" | "pulse";
  /** A command line of its own before dialling, without AT. */
  readonly init?: string;
  /** How long the other side may take to answer; 60 s unless told. */
  readonly answerSeconds: number;
}

export interface IecUrl {
  readonly protocol: "iec62056-21";
  readonly line: Line;
  /** Device address on a shared line; empty speaks to whoever is there. */
  readonly address: string;
  /** D: the device sends by itself. E: the sign-on hands over to HDLC, and `dlms` says how to go on. */
  readonly mode: "A" | "B" | "C" | "D" | "E";
  /** What of its secrets stands in the URL. */
  readonly secret: DeviceSecret;
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
  /** Of a port that ciphers whole telegrams and whose authentication key nobody hands out. */
  readonly tagUnchecked: boolean;
  /** What of its secrets stands in the URL. */
  readonly secret: DeviceSecret;
}

export type DeviceUrl = DlmsUrl | IecUrl | P1Url;

const dlmsPort = 4059;

/**
 * Parses a device's URL (docs/reading.md): `dlms+tcp://host:4059?client=16&server=1&auth=low&password=…`,
 * `dlms+hdlc+tcp://…&physical=17`, `dlms+udp://host:4059?auth=gmac&ek=…&ak=…`, `iec62056-21+tcp://host:port?address=…&mode=C`,
 * `p1+tcp://host:port?ek=…&ak=…`; on a serial port
 * `dlms+hdlc+serial:/dev/ttyUSB0?baud=9600`, `iec62056-21+serial:/dev/ttyUSB0?mode=E`, `p1+serial:/dev/ttyUSB0`; by a data call
 * `iec62056-21+modem:/dev/ttyS0?number=0740123456`, `dlms+hdlc+modem+tcp://host:port?number=…`.
 * @throws DriverError `url.invalid`, `url.scheme-unknown`, `url.parameter-unknown`, `url.parameter-invalid`,
 *   `url.port-missing`
 */
export function parseDeviceUrl(text: string): DeviceUrl {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) throw new DriverError("url.invalid", `not a device URL: ${withoutSecrets(text)}`);
  if (!Object.hasOwn(parsers, scheme))
    throw new DriverError("url.scheme-unknown", `unknown scheme: ${scheme}`);
  const url = URL.parse(text);
  const place = text.slice(scheme.length + 1).split("?")[0] ?? "";
  const placed = /\+(serial|modem)$/.test(scheme)
    ? /^(?:\/dev\/[\w.:@/-]+|COM\d+)$/i.test(place) && !place.includes("..")
    : place.startsWith("//") && /^\/?$/.test(url?.pathname ?? "");
  if (!url || !placed || url.username || url.hash) {
    throw new DriverError("url.invalid", `not a device URL: ${withoutSecrets(text)}`);
  }
  const parameters = new Parameters(url.searchParams);
  const parsed = parsers[scheme as keyof typeof parsers](url, parameters);
  parameters.refuseUnknown();
  return parsed;
}

const secretNames = Object.values(secretKinds).map(({ parameter }) => parameter);
const secretParameter = new RegExp(`([?&](?:${secretNames.join("|")})=)[^&#]*`, "gi");

/** The URL as it may be shown and logged: a password or key in it becomes `…`. */
export function withoutSecrets(text: string): string {
  return text.replace(secretParameter, "$1…");
}

const parsers = {
  "dlms+tcp": (url: URL, parameters: Parameters) => dlmsUrl(url, parameters, "wrapper"),
  "dlms+udp": (url: URL, parameters: Parameters) => dlmsUrl(url, parameters, "wrapper"),
  "dlms+hdlc+tcp": (url: URL, parameters: Parameters) => dlmsUrl(url, parameters, "hdlc"),
  "dlms+hdlc+serial": (url: URL, parameters: Parameters) => dlmsUrl(url, parameters, "hdlc"),
  "dlms+hdlc+modem": (url: URL, parameters: Parameters) => dlmsUrl(url, parameters, "hdlc"),
  "dlms+hdlc+modem+tcp": (url: URL, parameters: Parameters) => dlmsUrl(url, parameters, "hdlc"),
  "iec62056-21+modem": iecUrl,
  "iec62056-21+modem+tcp": iecUrl,
  "iec62056-21+tcp": iecUrl,
  "iec62056-21+serial": iecUrl,
  "p1+tcp": p1Url,
  "p1+serial": p1Url,
};

function p1Url(url: URL, parameters: Parameters): P1Url {
  const tagUnchecked = parameters.word("tag", ["checked", "unchecked"]) === "unchecked";
  const secret = parameters.secrets(["encryptionKey", "authenticationKey"]);
  return { protocol: "p1", line: lineOf(url, parameters), tagUnchecked, secret };
}

function dlmsUrl(url: URL, parameters: Parameters, framing: DlmsUrl["framing"]): DlmsUrl {
  const line = lineOf(url, parameters, dlmsPort);
  return { protocol: "dlms", line, ...dlmsSettings(parameters, framing) };
}

const modes = ["A", "B", "C", "D", "E"] as const;

function iecUrl(url: URL, parameters: Parameters): IecUrl {
  const letter = (parameters.text("mode") ?? "C").toUpperCase();
  const mode = modes.find((known) => known === letter);
  if (!mode) throw new DriverError("url.parameter-invalid", `mode=${letter}: A, B, C, D or E`);
  const address = parameters.text("address") ?? "";
  if (!/^[0-9A-Za-z ]{0,32}$/.test(address)) {
    throw new DriverError("url.parameter-invalid", "address: up to 32 of 0-9 A-Z a-z and space");
  }
  const secret = parameters.secrets(["password"]);
  const wakeUp = parameters.flag("wakeup");
  const evenParity = parameters.flag("parity");
  const echo = parameters.flag("echo");
  const line = lineOf(url, parameters);
  return {
    protocol: "iec62056-21",
    line,
    address,
    mode,
    secret,
    ...(mode === "E" ? { dlms: { protocol: "dlms", line, ...dlmsSettings(parameters, "hdlc") } } : {}),
    ...(wakeUp === undefined ? {} : { wakeUp }),
    ...(evenParity === undefined ? {} : { evenParity }),
    ...(echo === undefined ? {} : { echo }),
  };
}

function lineOf(url: URL, parameters: Parameters, portDefault?: number): Line {
  if (/\+modem(\+tcp)?:$/.test(url.protocol)) return modemLineOf(url, parameters);
  if (url.protocol.endsWith("+serial:")) return serialOf(url, parameters);
  return hostOf(url, portDefault);
}

function serialOf(url: URL, parameters: Parameters) {
  const baudRate = parameters.number("baud", 50, 4_000_000);
  return { kind: "serial" as const, path: url.pathname, ...(baudRate === undefined ? {} : { baudRate }) };
}

function modemLineOf(url: URL, parameters: Parameters): ModemLine {
  // In a query a plus is a blank.
  const number = (parameters.text("number") ?? "").replace(/^ /, "+");
  if (!/^\+?[0-9*#,]{2,32}$/.test(number)) {
    throw new DriverError("url.parameter-invalid", "number: 2 to 32 digits, with + before, * # and comma");
  }
  const dialling = parameters.word("dialling", ["plain", "tone", "pulse"]);
  const init = parameters.text("init");
  if (init !== undefined && !/^[\x21-\x7e]{1,80}$/.test(init)) {
    throw new DriverError("url.parameter-invalid", "init: an AT command line without AT and blanks");
  }
  const answerSeconds = parameters.number("answer", 5, 255) ?? 60;
  const via = url.protocol.endsWith("+tcp:") ? serverOf(url) : serialOf(url, parameters);
  return { kind: "modem", via, number, dialling, ...(init === undefined ? {} : { init }), answerSeconds };
}

function serverOf(url: URL) {
  const place = hostOf(url);
  if (place.kind === "call-in")
    throw new DriverError("url.invalid", "the serial server is named by its host");
  return { kind: "tcp" as const, host: place.host, port: place.port };
}

function hostOf(url: URL, portDefault?: number): Extract<Line, { kind: "tcp" | "udp" | "call-in" }> {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const kind = url.protocol.endsWith("+udp:") ? "udp" : "tcp";
  if (host === "") {
    if (kind === "udp") throw new DriverError("url.invalid", "a device on UDP is named by its host");
    return { kind: "call-in" };
  }
  const port = url.port === "" ? portDefault : Number(url.port);
  if (port === undefined)
    throw new DriverError("url.port-missing", "this protocol has no port of its own: host:port");
  if (port === 0) throw new DriverError("url.parameter-invalid", "port 0 is no port");
  return { kind, host, port };
}
