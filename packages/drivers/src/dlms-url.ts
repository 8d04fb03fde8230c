import type { DeviceSecret, SecretKind } from "@energsys/metering";
import { findObis, type ObisCode } from "@energsys/protocols";
import type { GatewayAddress, Naming, ProtectionLevel } from "@energsys/protocols/dlms";
import { DriverError } from "./errors.ts";
import type { Line } from "./url.ts";
import type { Parameters } from "./url-parameters.ts";

/** Authentication by its word in the URL: without, low, or the mechanism of high-level security (2: the maker's own). */
const authenticationWords = ["none", "low", "high", "md5", "sha1", "gmac", "sha256", "ecdsa"] as const;
export type AuthenticationWord = (typeof authenticationWords)[number];

const levels = {
  none: "none",
  auth: "authenticated",
  encrypt: "encrypted",
  both: "authenticated-encrypted",
} as const;
const levelWords = ["none", "auth", "encrypt", "both"] as const;
/** Which key ciphers, and whether in the form of each service or in the general one. */
const forms = {
  glo: { dedicated: false, general: false },
  ded: { dedicated: true, general: false },
  "general-glo": { dedicated: false, general: true },
  "general-ded": { dedicated: true, general: true },
} as const;

/** How a DLMS device is spoken to. What is the same for all meters of a model stands in the model and not here. */
export interface DlmsUrl {
  readonly protocol: "dlms";
  /** Framing below the APDUs: wrapper over TCP or UDP (IEC 62056-47) or HDLC (IEC 62056-46). */
  readonly framing: "wrapper" | "hdlc";
  readonly line: Line;
  readonly client: number;
  /** Logical device: 1 is the management logical device. */
  readonly server: number;
  /** HDLC lower address; absent: the address has only its upper part. */
  readonly physical?: number;
  /** Length of the HDLC address where it is not the shortest that fits. */
  readonly addressBytes?: 2 | 4;
  /** Longest HDLC information field, and frames before an acknowledgement. */
  readonly informationLength?: number;
  readonly window?: number;
  readonly naming: Naming;
  readonly authentication: AuthenticationWord;
  readonly protection: ProtectionLevel;
  readonly suite: 0 | 1 | 2;
  readonly form: { readonly dedicated: boolean; readonly general: boolean };
  /** Our system title, and the meter's where no other is taken. */
  readonly title?: Uint8Array;
  readonly meterTitle?: Uint8Array;
  /** Where to start counting when nothing was sent under this key yet: a number, or the object that the public client reads. */
  readonly counter: number | ObisCode;
  /** Longest APDU that we take. */
  readonly pduLength?: number;
  /** Long APDUs in general blocks, in place of those of the services. */
  readonly generalBlocks: boolean;
  readonly gateway?: GatewayAddress;
  /** The association stands by agreement: it is neither asked for nor released. */
  readonly established: boolean;
  /** What of its secrets stands in the URL. */
  readonly secret: DeviceSecret;
}

/** Our system title, where the URL gives none. */
export const usualTitle = new Uint8Array(Buffer.from("454E530000000001", "hex"));
const titleBytes = [8];
/** Where meters show the counter of the management client's key (IEC 62056-6-1, invocation counter objects). */
const usualCounter = "0-0:43.1.0*255";
const dlmsSecrets: readonly SecretKind[] = [
  "password",
  "hlsSecret",
  "encryptionKey",
  "authenticationKey",
  "signingKey",
  "meterPublicKey",
];

/** Everything of a DLMS device but its line. @throws DriverError `url.parameter-invalid` */
export function dlmsSettings(
  parameters: Parameters,
  framing: DlmsUrl["framing"],
): Omit<DlmsUrl, "protocol" | "line"> {
  const hdlc = framing === "hdlc";
  const physical = hdlc ? parameters.number("physical", 0, 0x3fff) : undefined;
  const addressBytes = hdlc && physical !== undefined ? parameters.number("addressbytes", 2, 4) : undefined;
  if (addressBytes === 3) throw new DriverError("url.parameter-invalid", "addressbytes=3: 2 or 4");
  const informationLength = hdlc ? parameters.number("info", 32, 2030) : undefined;
  const window = hdlc ? parameters.number("window", 1, 7) : undefined;
  const authentication = parameters.word("auth", authenticationWords);
  const usual = authentication === "gmac" ? "both" : "none";
  const security =
    parameters.text("security") === undefined ? usual : parameters.word("security", levelWords);
  const protection = levels[security];
  const title = parameters.bytes("title", titleBytes);
  const meterTitle = parameters.bytes("metertitle", titleBytes);
  const pduLength = parameters.number("pdu", 12, 0xffff);
  const gateway = gatewayOf(parameters.text("gateway"));
  const established = parameters.flag("established") ?? false;
  if (established && protection !== "none" && !meterTitle) {
    throw new DriverError("url.parameter-invalid", "established=yes with keys needs metertitle");
  }
  return {
    framing,
    client: parameters.number("client", 1, hdlc ? 0x7f : 0xffff) ?? 16,
    server: parameters.number("server", 0, hdlc ? 0x3fff : 0xffff) ?? 1,
    ...(physical === undefined ? {} : { physical }),
    ...(addressBytes === undefined ? {} : { addressBytes: addressBytes as 2 | 4 }),
    ...(informationLength === undefined ? {} : { informationLength }),
    ...(window === undefined ? {} : { window }),
    naming: parameters.word("naming", ["ln", "sn"]) === "sn" ? "short" : "logical",
    authentication,
    protection,
    suite: (parameters.number("suite", 0, 2) ?? 0) as 0 | 1 | 2,
    form: forms[parameters.word("form", ["glo", "ded", "general-glo", "general-ded"])],
    ...(title ? { title } : {}),
    ...(meterTitle ? { meterTitle } : {}),
    counter: counterOf(parameters.text("counter")),
    ...(pduLength === undefined ? {} : { pduLength }),
    generalBlocks: parameters.word("blocks", ["service", "general"]) === "general",
    ...(gateway ? { gateway } : {}),
    established,
    secret: parameters.secrets(dlmsSecrets),
  };
}

function counterOf(text: string | undefined): number | ObisCode {
  if (text === undefined) return usualCounter;
  const number = /^\d{1,10}$/.test(text) ? Number(text) : undefined;
  const counter = number !== undefined && number <= 0xffff_ffff ? number : findObis(text);
  if (counter === undefined) {
    throw new DriverError("url.parameter-invalid", `counter=${text}: a number, or an OBIS code`);
  }
  return counter;
}

/** `network:address`, both hexadecimal: `01:0000002A`. */
function gatewayOf(text: string | undefined): GatewayAddress | undefined {
  if (text === undefined) return undefined;
  const match = /^([0-9a-f]{1,2}):((?:[0-9a-f]{2}){1,16})$/i.exec(text);
  if (!match) {
    throw new DriverError("url.parameter-invalid", `gateway=${text}: network:address, hexadecimal`);
  }
  const [, network = "", address = ""] = match;
  return { networkId: Number.parseInt(network, 16), address: new Uint8Array(Buffer.from(address, "hex")) };
}
