import {
  type Apdu,
  type Authentication,
  type ConformanceName,
  conforms,
  DeviceAssociation,
  decodeApdu,
  encodeApdu,
  encodeConformance,
  GeneralBlockDevice,
  mechanismNames,
  type SecurityIncident,
  serveObjects,
  serveShortNames,
} from "@energsys/protocols/dlms";
import { nodeCiphers } from "@energsys/protocols/node";
import type { HappeningKind } from "../load/happenings.ts";
import { pick } from "../random.ts";
import type { MeterDevice } from "./meter-device.ts";
import { MeterObjects } from "./meter-objects.ts";
import { objectModelOf } from "./object-model.ts";
import { pushClient, takeConfirmation } from "./push-channel.ts";
import type { Tampering } from "./tampering.ts";
import type { Role, Visit } from "./visit.ts";

const aarqTag = 0x60;
const confirmTag = 0x10;
const longestPdu = 0xffff;
/** Reads without asking for an association: by agreement it stands, ciphered where the meter ciphers. */
const agreedClient = 101;

const usualServices: readonly ConformanceName[] = [
  "priority-management",
  "block-transfer-with-get",
  "block-transfer-with-set",
  "block-transfer-with-action",
  "multiple-references",
  "get",
  "set",
  "selective-access",
  "action",
];
const securedServices: readonly ConformanceName[] = [
  ...usualServices,
  "general-protection",
  "general-block-transfer",
  "data-notification",
  "access",
  "event-notification",
];
const shortServices: readonly ConformanceName[] = [
  "read",
  "write",
  "unconfirmed-write",
  "block-transfer-with-get",
  "block-transfer-with-set",
  "multiple-references",
  "information-report",
  "parameterized-access",
];
const shortConformance = encodeConformance(shortServices);
const usualConformance = encodeConformance(usualServices);
const securedConformance = encodeConformance(securedServices);

const incidents: Readonly<Record<SecurityIncident, HappeningKind>> = {
  authentication: "authentication-failure",
  decipher: "decipher-failure",
  replay: "replay",
};

const noAssociation = encodeApdu({
  kind: "exception-response",
  stateError: "service-not-allowed",
  serviceError: "operation-not-possible",
});

/**
 * The application layer of one meter on one link: a request comes, an answer goes, one after the other. One association
 * at a time; without one nothing is read. What a client may do follows from how it proved itself: a meter without secrets
 * lets everybody read, the others show clock and names to whoever proves nothing.
 */
export class MeterServer {
  readonly #device: MeterDevice;
  readonly #tampering: Tampering | undefined;
  #client = 0;
  #association: DeviceAssociation | undefined;
  #blocks: GeneralBlockDevice | undefined;

  constructor(device: MeterDevice, tampering?: Tampering) {
    this.#device = device;
    this.#tampering = tampering;
  }

  /** The link was cut or set up anew. */
  reset(): void {
    this.#association = undefined;
    this.#blocks = undefined;
  }

  /** The answer to one APDU of `client`; `undefined` where none is due. */
  async answer(bytes: Uint8Array, client: number): Promise<Uint8Array | undefined> {
    if (bytes[0] === confirmTag || client === pushClient) {
      await takeConfirmation(this.#device, bytes);
      return undefined;
    }
    if (client === agreedClient) this.#stand();
    else if (bytes[0] === aarqTag) this.#offer(mechanismAsked(bytes), client);
    if (!this.#association || client !== this.#client) return this.#unknown(bytes);
    const answer = await (this.#blocks ?? this.#association).answer(bytes);
    return answer && this.#tampering ? this.#tampering.sealed(answer) : answer;
  }

  /** Without an association: a release is confirmed all the same, anything else is not possible. */
  #unknown(bytes: Uint8Array): Uint8Array {
    try {
      const { kind } = decodeApdu(bytes);
      return kind === "rlrq" ? encodeApdu({ kind: "rlre", reason: 0 }) : noAssociation;
    } catch {
      return encodeApdu({
        kind: "exception-response",
        stateError: "service-unknown",
        serviceError: "service-not-supported",
      });
    }
  }

  #stand(): void {
    if (this.#client === agreedClient && this.#association) return;
    this.#offer("none", agreedClient);
  }

  #offer(asked: string, client: number): void {
    const device = this.#device;
    const { security, meter } = device;
    const { description } = meter;
    const authentication = authenticationFor(device, asked);
    const stands = client === agreedClient;
    const secured = authentication.kind === "high" || (stands && security?.ciphered === true);
    const proven = !needsSecret(device) || (stands && secured);
    const role: Role = authentication.kind !== "none" ? "manager" : proven ? "reader" : "public";
    const model = objectModelOf(description);
    const visit: Visit = {
      device,
      role,
      client,
      mechanism:
        authentication.kind === "high" ? authentication.mechanism : authentication.kind === "low" ? 1 : 0,
      ciphered: secured && security?.ciphered === true,
      objects: role === "public" ? model.open : model.all,
      agreed: () => association.agreed,
      baseOf: (obis) => model.short?.bases.get(obis),
      clientTitle: () => association.clientTitle,
    };
    if (this.#tampering?.forgetsCounter) device.counters.forget();
    const { short } = model;
    const found = new MeterObjects(visit, model.byName);
    const objects = short ? serveShortNames(found, short.places) : serveObjects(found);
    const tampering = this.#tampering;
    const ownLength = pick([512, 1024, 2048, 4096], description.key, 0x9d0);
    const association = new DeviceAssociation(
      {
        authentication,
        naming: short ? "short" : "logical",
        conformance: short ? shortConformance : security ? securedConformance : usualConformance,
        maxReceivePduLength: ownLength,
        // Old meters of short names know no blocks: HDLC carries whatever the client takes.
        ...(!short && { maxSendPduLength: ownLength }),
        ...(stands && { preEstablished: {} }),
        ...(secured &&
          security && {
            security: {
              suite: security.suite,
              level: security.ciphered ? "authenticated-encrypted" : "none",
              encryptionKey: device.keys.encryption,
              authenticationKey: device.keys.authentication,
              systemTitle: security.systemTitle,
              counters: device.counters,
              ciphers: nodeCiphers,
            },
          }),
        onIncident: (incident) => meter.record(incidents[incident]),
      },
      tampering ? async (request, agreed) => tampering.plain(await objects(request, agreed)) : objects,
    );
    this.#client = client;
    this.#association = association;
    this.#blocks =
      security &&
      new GeneralBlockDevice(
        (apdu) => association.answer(apdu),
        () => {
          const { conformance, clientMaxReceivePduLength } = association.agreed;
          return conforms(conformance, "general-block-transfer")
            ? clientMaxReceivePduLength || longestPdu
            : 0;
        },
      );
  }
}

function mechanismAsked(bytes: Uint8Array): string {
  let apdu: Apdu;
  try {
    apdu = decodeApdu(bytes);
  } catch {
    return "none";
  }
  return (apdu.kind === "aarq" && apdu.mechanism) || "none";
}

const needsSecret = ({ security, meter }: MeterDevice): boolean =>
  security !== undefined || meter.description.password !== "";

/** What a client must prove for the mechanism that it names; one that the meter does not have is refused there. */
function authenticationFor(device: MeterDevice, asked: string): Authentication {
  const { security } = device;
  if (asked === "low" && device.password.length > 0) return { kind: "low", password: device.password };
  if (security && asked === mechanismNames[security.mechanism]) {
    const { mechanism, signing, suite } = security;
    return {
      kind: "high",
      mechanism,
      secret: device.secret,
      ...(signing && {
        signing: {
          curve: suite === 2 ? "P-384" : "P-256",
          privateKey: signing.privateKey,
          peerKey: signing.clientPublicKey,
        },
      }),
    };
  }
  return { kind: "none" };
}
