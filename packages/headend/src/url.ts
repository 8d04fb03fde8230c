import { HeadendError } from "./errors.ts";

/** Where the bytes go. A device that calls in has no address of its own: the host part of its URL is empty. */
export type Line =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
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
  readonly mode: "C";
  readonly password?: string;
}

/** A customer port that sends by itself; nothing is ever written to it. */
export interface P1Url {
  readonly protocol: "p1";
  readonly line: Line;
}

export type DeviceUrl = DlmsUrl | IecUrl | P1Url;

const dlmsPort = 4059;

/**
 * Parses a device's URL (docs/reading.md): `dlms+tcp://host:4059?client=16&server=1&auth=low&password=…`,
 * `dlms+hdlc+tcp://…&physical=17`, `iec62056-21+tcp://host:port?address=…&mode=C`, `p1+tcp://host:port`.
 * @throws HeadendError `url.invalid`, `url.scheme-unknown`, `url.serial-not-yet`, `url.parameter-unknown`,
 *   `url.parameter-invalid`, `url.port-missing`, `url.authentication-not-yet`, `url.naming-not-yet`, `url.mode-not-yet`
 */
export function parseDeviceUrl(text: string): DeviceUrl {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined)
    throw new HeadendError("url.invalid", `not a device URL: ${withoutSecrets(text)}`);
  if (scheme.endsWith("+serial")) {
    throw new HeadendError(
      "url.serial-not-yet",
      "serial lines come with a later version; use a serial server by TCP",
    );
  }
  if (!Object.hasOwn(parsers, scheme))
    throw new HeadendError("url.scheme-unknown", `unknown scheme: ${scheme}`);
  const url = URL.parse(text);
  if (!url || !/^[^:]+:\/\//.test(text) || url.username || url.hash || !/^\/?$/.test(url.pathname)) {
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
  "iec62056-21+tcp": iecUrl,
  "p1+tcp": (url: URL): P1Url => ({ protocol: "p1", line: lineOf(url) }),
};

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
    line: lineOf(url, dlmsPort),
    client: parameters.number("client", 1, framing === "hdlc" ? 0x7f : 0xffff) ?? 16,
    server: parameters.number("server", 0, framing === "hdlc" ? 0x3fff : 0xffff) ?? 1,
    ...(physical === undefined ? {} : { physical }),
    authentication,
    ...(password === undefined ? {} : { password }),
  };
}

function iecUrl(url: URL, parameters: Parameters): IecUrl {
  const mode = (parameters.text("mode") ?? "C").toUpperCase();
  if (/^[ABDE]$/.test(mode))
    throw new HeadendError("url.mode-not-yet", `mode ${mode} comes with a later version`);
  if (mode !== "C") throw new HeadendError("url.parameter-invalid", `mode=${mode}: C`);
  const address = parameters.text("address") ?? "";
  if (!/^[0-9A-Za-z ]{0,32}$/.test(address)) {
    throw new HeadendError("url.parameter-invalid", "address: up to 32 of 0-9 A-Z a-z and space");
  }
  const password = parameters.text("password");
  return {
    protocol: "iec62056-21",
    line: lineOf(url),
    address,
    mode: "C",
    ...(password === undefined ? {} : { password }),
  };
}

function lineOf(url: URL, portDefault?: number): Line {
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
    if (!/^\d{1,5}$/.test(text) || value < min || value > max) {
      throw new HeadendError("url.parameter-invalid", `${name}=${text}: a number from ${min} to ${max}`);
    }
    return value;
  }

  refuseUnknown(): void {
    for (const name of this.#parameters.keys()) {
      if (!this.#asked.has(name))
        throw new HeadendError("url.parameter-unknown", `unknown parameter: ${name}`);
    }
  }
}
