import { createCipheriv } from "node:crypto";
import { bytesOfSecret } from "@energsys/metering";
import type { MeterModel } from "@energsys/metering/models";
import { LinkError } from "@energsys/protocols";
import {
  type ActionOutcome,
  type ApduLink,
  type AssociationOptions,
  type AttributeReference,
  type Authentication,
  type ConformanceName,
  countersInMemory,
  type DataValue,
  DlmsClient,
  encodeConformance,
  GatewayLink,
  GeneralBlockLink,
  type GetResult,
  type HighMechanism,
  integerOf,
  type MethodReference,
  type RawGetResult,
  readingConformance,
  type SecuritySettings,
  type Selection,
  type SetResult,
  ShortNameClient,
  shortNameConformance,
} from "@energsys/protocols/dlms";
import { HdlcLink } from "@energsys/protocols/hdlc";
import { nodeCiphers } from "@energsys/protocols/node";
import { WrapperDatagramLink, WrapperLink } from "@energsys/protocols/wrapper";
import type { DeviceKeys, KeyCounters } from "./device-keys.ts";
import { type AuthenticationWord, type DlmsUrl, usualTitle } from "./dlms-url.ts";
import { DriverError } from "./errors.ts";
import { keysOfUrl } from "./given-keys.ts";
import type { ReadSession } from "./session.ts";

/** What reading needs of an association, by logical and by short names alike. */
export interface MeterClient {
  supports(name: ConformanceName): boolean;
  get(attribute: AttributeReference, selection?: Selection): Promise<GetResult>;
  getRaw(attribute: AttributeReference, selection?: Selection): Promise<RawGetResult>;
  getList(attributes: readonly AttributeReference[]): Promise<GetResult[]>;
  set(attribute: AttributeReference, value: DataValue): Promise<SetResult>;
  action(method: MethodReference, parameters?: DataValue): Promise<ActionOutcome>;
  release(): Promise<void>;
}

const mechanisms: Readonly<Partial<Record<AuthenticationWord, HighMechanism>>> = {
  high: 2,
  md5: 3,
  sha1: 4,
  gmac: 5,
  sha256: 6,
  ecdsa: 7,
};
const publicClient = 16;
const serviceBlocks = encodeConformance([
  "block-transfer-with-get",
  "block-transfer-with-set",
  "block-transfer-with-action",
]);

/**
 * Opens the association that the URL describes. A key under which nothing was sent yet is begun where the meter is; a meter that is
 * ahead of our counter is asked where it is, once. The line stays open: closing it is the session's.
 * @throws DriverError `read.password-missing`, `read.key-missing`, `read.counter-unknown`; LinkError of the protocols
 */
export async function associate(url: DlmsUrl, session: ReadSession): Promise<MeterClient> {
  const keys = keysOfUrl(url.secret, session.request.keys);
  const ciphers = url.protection !== "none" || url.authentication === "gmac";
  const authentication = authenticationOf(url, keys);
  if (!ciphers) return open(url, session, authentication, bareSecurity(url));
  if (!keys.encryptionKey || !keys.authenticationKey || !keys.openCounters) {
    throw new DriverError(
      "read.key-missing",
      "this association needs an encryption and an authentication key",
    );
  }
  const counters = await keys.openCounters();
  if (typeof url.counter === "number") counters.raise(url.counter);
  else if (counters.fresh) counters.raise(await readCounter(url, session));
  const settings = () => securityOf(url, keys, counters, session.model);
  try {
    return await open(url, session, authentication, settings());
  } catch (error) {
    const behind = error instanceof LinkError && error.code === "dlms.counter-refused";
    if (!behind || typeof url.counter === "number") throw error;
    const before = await counters.reserve(1);
    const expected = await readCounter(url, session);
    // A meter between the block that we used and the one that comes next takes the next one.
    session.warn(`dlms.counter-behind: the meter expects ${expected}, we were at ${before}`);
    counters.raise(expected);
    return open(url, session, authentication, settings());
  }
}

/** A counter above this is not believed: it stands in the clear, and would use the key up. */
const counterBelievedMax = 2 ** 31;

/** The counter to go on with, as the public client reads it of the meter. @throws DriverError `read.counter-unknown` */
async function readCounter(url: DlmsUrl, session: ReadSession): Promise<number> {
  const obis = url.counter as string;
  const unknown = (why: string, cause?: unknown) =>
    new DriverError(
      "read.counter-unknown",
      `${why}: where to go on with the counters of this key is not known; give counter=NUMBER`,
      cause,
    );
  const open: DlmsUrl = { ...url, client: publicClient, authentication: "none", protection: "none" };
  let client: MeterClient;
  try {
    client = await openPlain(open, session);
  } catch (error) {
    throw unknown("the meter does not talk to the public client", error);
  }
  try {
    const result = await client.get({ classId: 1, obis, attribute: 2 });
    const value = result.ok ? integerOf(result.data) : undefined;
    if (value === undefined) throw unknown(`the meter does not give ${obis}`);
    const next = Number(value) + 1;
    if (next > counterBelievedMax) throw unknown(`the meter gives ${value} in ${obis}, in the clear`);
    return next;
  } finally {
    await client.release();
  }
}

const openPlain = (url: DlmsUrl, session: ReadSession): Promise<MeterClient> =>
  open({ ...url, established: false }, session, { kind: "none" }, undefined);

async function open(
  url: DlmsUrl,
  session: ReadSession,
  authentication: Authentication,
  security: SecuritySettings | undefined,
): Promise<MeterClient> {
  const { quirks } = session.model;
  const proposed = url.naming === "short" ? shortNameConformance : readingConformance;
  // A meter that may use either keeps to the blocks of the services.
  const blocks = url.generalBlocks ? serviceBlocks : 0;
  const conformance =
    (proposed & ~blocks) |
    encodeConformance([
      ...(url.generalBlocks ? (["general-block-transfer"] as const) : []),
      ...(url.form.general ? (["general-protection"] as const) : []),
    ]);
  const options: AssociationOptions = {
    authentication,
    conformance,
    ...(security ? { security } : {}),
    ...(url.pduLength === undefined ? {} : { maxReceivePduLength: url.pduLength }),
    ...(quirks.releaseProtected ? { releaseProtected: quirks.releaseProtected.value } : {}),
    ...(quirks.shortNameReplySelector ? { shortNameReplySelector: quirks.shortNameReplySelector.value } : {}),
    ...(url.established
      ? { preEstablished: { conformance, serverMaxReceivePduLength: url.pduLength ?? 0 } }
      : {}),
  };
  const link = linkOf(url, session);
  const valueLengthMax = session.limits.valueBytes;
  return url.naming === "short"
    ? ShortNameClient.associate(link, { ...options, valueLengthMax })
    : DlmsClient.associate(link, {
        ...options,
        valueLengthMax,
        ...(quirks.invokeIds ? { invokeIds: quirks.invokeIds.value } : {}),
      });
}

/** From the line up: framing, gateway, general blocks. */
function linkOf(url: DlmsUrl, session: ReadSession): ApduLink {
  const { stream, limits, options, tape } = session;
  const common = {
    client: url.client,
    server: url.server,
    responseTimeoutMs: limits.responseMs,
    recorder: tape,
    closeStream: false,
    ...(options.onUnsolicited ? { onUnsolicited: options.onUnsolicited } : {}),
  };
  let link: ApduLink;
  if (url.framing === "hdlc") {
    link = new HdlcLink(stream, options.clock, {
      ...common,
      apduLengthMax: limits.apduBytes,
      ...(url.physical === undefined ? {} : { physical: url.physical }),
      ...(url.addressBytes === undefined ? {} : { serverAddressBytes: url.addressBytes }),
      ...(url.informationLength === undefined ? {} : { informationLengthMax: url.informationLength }),
      ...(url.window === undefined ? {} : { windowMax: url.window }),
    });
  } else if (url.line.kind === "udp") {
    const port = {
      send: (datagram: Uint8Array) => stream.write(datagram),
      onDatagram: (listener: (datagram: Uint8Array) => void) => stream.onBytes(listener),
      onEnd: (listener: (cause?: Error) => void) => stream.onEnd(listener),
      close: () => stream.close(),
    };
    link = new WrapperDatagramLink(port, options.clock, { ...common, closePort: false });
  } else {
    link = new WrapperLink(stream, options.clock, { ...common, apduLengthMax: limits.apduBytes });
  }
  if (url.gateway) link = new GatewayLink(link, url.gateway);
  return url.generalBlocks ? new GeneralBlockLink(link, { lengthMax: url.pduLength ?? 0xffff }) : link;
}

function authenticationOf(url: DlmsUrl, keys: DeviceKeys): Authentication {
  const { authentication } = url;
  const missing = (what: string) =>
    new DriverError(
      "read.password-missing",
      `auth=${authentication} needs ${what}, in the URL or stored with the device`,
    );
  if (authentication === "none") return { kind: "none" };
  if (authentication === "low") {
    if (keys.password === undefined) throw missing("a password");
    return { kind: "low", password: bytesOfSecret("password", keys.password) };
  }
  const mechanism = mechanisms[authentication]!;
  if (mechanism === 5) return { kind: "high", mechanism };
  if (mechanism === 7) {
    const { signingKey, meterPublicKey } = keys;
    if (!signingKey || !meterPublicKey) throw missing("our private key and the meter's public one");
    const curve = url.suite === 2 ? ("P-384" as const) : ("P-256" as const);
    return { kind: "high", mechanism, signing: { curve, privateKey: signingKey, peerKey: meterPublicKey } };
  }
  if (!keys.hlsSecret) throw missing("a secret");
  return { kind: "high", mechanism, secret: keys.hlsSecret, answer: makersAnswer };
}

/**
 * Mechanism 2 is the maker's own. The one that we know is that of a widespread library: AES-128 of the challenge under the
 * secret, both filled up with zeros to whole blocks, blocks chained from zero.
 */
function makersAnswer(challenge: Uint8Array, secret: Uint8Array): Uint8Array {
  const key = new Uint8Array(16);
  key.set(secret.subarray(0, 16));
  const blocks = new Uint8Array(Math.ceil(challenge.length / 16) * 16);
  blocks.set(challenge);
  const cipher = createCipheriv("aes-128-cbc", key, new Uint8Array(16)).setAutoPadding(false);
  return new Uint8Array(Buffer.concat([cipher.update(blocks), cipher.final()]));
}

function securityOf(
  url: DlmsUrl,
  keys: DeviceKeys,
  counters: KeyCounters,
  model: MeterModel,
): SecuritySettings {
  const { dedicatedCounters } = model.quirks;
  const encryptionKey = keys.encryptionKey as Uint8Array;
  return {
    suite: url.suite,
    level: url.protection,
    encryptionKey,
    authenticationKey: keys.authenticationKey as Uint8Array,
    systemTitle: url.title ?? usualTitle,
    ...(url.meterTitle ? { peerTitle: url.meterTitle } : {}),
    counters,
    ...(url.form.dedicated ? { dedicatedKey: nodeCiphers.random(encryptionKey.length) } : {}),
    ...(dedicatedCounters ? { dedicatedCounters: dedicatedCounters.value } : {}),
    general: url.form.general,
    ciphers: nodeCiphers,
  };
}

/** High-level security without ciphering needs the functions and titles only; no key is used. */
function bareSecurity(url: DlmsUrl): SecuritySettings | undefined {
  if (url.authentication === "none" || url.authentication === "low") return undefined;
  const none = new Uint8Array(url.suite === 2 ? 32 : 16);
  return {
    suite: url.suite,
    level: "none",
    encryptionKey: none,
    authenticationKey: none,
    systemTitle: url.title ?? usualTitle,
    ...(url.meterTitle ? { peerTitle: url.meterTitle } : {}),
    counters: countersInMemory(),
    ciphers: nodeCiphers,
  };
}
