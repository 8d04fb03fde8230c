import {
  type Aarq,
  type Apdu,
  decodeApdu,
  diagnosticOf,
  encodeApdu,
  type InitiateRequest,
} from "@energsys/protocols/dlms";
import type { VirtualMeter } from "../meter/virtual-meter.ts";
import { pick } from "../random.ts";
import { associationObjects } from "./association-object.ts";
import { conformance, supportedConformance } from "./conformance.ts";
import type { CosemObject } from "./cosem-object.ts";
import { GetService } from "./get-service.ts";
import { buildObjects, type Claim } from "./objects.ts";

interface Association {
  readonly client: number;
  readonly objects: readonly CosemObject[];
  readonly service: GetService;
}

const exception = (stateError: string, serviceError: string) =>
  encodeApdu({ kind: "exception-response", stateError, serviceError });

/**
 * The application layer of one meter on one link: a request comes, an answer goes. One association at a time; without one
 * nothing is read. The public client (16) reads everything of a meter without password, else only clock and names.
 */
export class MeterAssociation {
  readonly #meter: VirtualMeter;
  readonly #claim: Claim;
  #association: Association | undefined;

  constructor(meter: VirtualMeter, claim: Claim) {
    this.#meter = meter;
    this.#claim = claim;
  }

  /** The link was cut or set up anew. */
  reset(): void {
    this.#association = undefined;
  }

  /** The answer to one APDU of `client`. */
  answer(bytes: Uint8Array, client: number): Uint8Array | undefined {
    let apdu: Apdu;
    try {
      apdu = decodeApdu(bytes);
    } catch {
      // Whatever it was, it is no service of this meter; a reader must not be left waiting.
      return exception("service-unknown", "service-not-supported");
    }
    if (apdu.kind === "aarq") return this.#associate(apdu, client);
    if (apdu.kind === "rlrq") {
      this.#association = undefined;
      return encodeApdu({ kind: "rlre", reason: 0 });
    }
    const association = this.#association;
    if (!association || association.client !== client) {
      return apdu.kind === "data-notification-confirm"
        ? undefined
        : exception("service-not-allowed", "operation-not-possible");
    }
    switch (apdu.kind) {
      case "get-request-normal":
      case "get-request-next":
      case "get-request-with-list":
        return association.service.answer(apdu) ?? exception("service-not-allowed", "pdu-too-long");
      case "set-request-normal":
        return encodeApdu({
          kind: "set-response-normal",
          invoke: apdu.invoke,
          dataAccessResult: "read-write-denied",
        });
      case "action-request-normal":
        return encodeApdu({
          kind: "action-response-normal",
          invoke: apdu.invoke,
          actionResult: "read-write-denied",
        });
      case "data-notification-confirm":
        return undefined;
      default:
        return exception("service-not-allowed", "service-not-supported");
    }
  }

  #associate(aarq: Aarq, client: number): Uint8Array {
    this.#association = undefined;
    const { password } = this.#meter.description;
    if (aarq.context !== "logical-names") return refuse(2);
    const mechanism = aarq.mechanism ?? "none";
    if (mechanism !== "none" && (mechanism !== "low" || password === "")) return refuse(11);
    if (mechanism === "low" && !sameText(aarq.authenticationValue, password)) return refuse(13);
    const request = aarq.userInformation;
    if (request?.kind !== "initiate-request") return refuse(1);
    const error = initiateError(request);
    if (error) return refuse(1, error);

    const agreed = request.conformance & supportedConformance;
    const own = pick([512, 1024, 2048, 4096], this.#meter.description.key, 0x9d0);
    const asked = request.maxReceivePduLength;
    const pduLengthMax = asked === 0 ? 0xffff : asked;
    const trusted = mechanism === "low" || password === "";
    const objects = this.#objects(trusted, client, agreed, own);
    this.#association = {
      client,
      objects,
      service: new GetService(objects, agreed, Math.min(pduLengthMax, own)),
    };
    return encodeApdu({
      kind: "aare",
      context: "logical-names",
      result: "accepted",
      diagnostic: diagnosticOf("service-user", 0),
      userInformation: {
        kind: "initiate-response",
        dlmsVersion: 6,
        conformance: agreed,
        maxReceivePduLength: own,
        vaaName: 7,
      },
    });
  }

  #objects(trusted: boolean, client: number, agreed: number, pduLength: number): CosemObject[] {
    const all = buildObjects(this.#meter, this.#claim);
    const visible = trusted ? all : all.filter(({ open }) => open);
    return associationObjects(visible, {
      client,
      mechanism: trusted && this.#meter.description.password !== "" ? 1 : 0,
      conformance: agreed,
      pduLength,
      deviceName: this.#claim.identity,
    });
  }
}

function refuse(code: number, error?: string): Uint8Array {
  return encodeApdu({
    kind: "aare",
    context: "logical-names",
    result: "rejected-permanent",
    diagnostic: diagnosticOf("service-user", code),
    ...(error && {
      userInformation: {
        kind: "confirmed-service-error",
        service: "initiate",
        errorClass: "initiate",
        error,
      },
    }),
  });
}

/** Names of the initiate errors (IEC 62056-5-3, ServiceError). */
function initiateError({
  dlmsVersion,
  conformance: proposed,
  maxReceivePduLength,
}: InitiateRequest): string | undefined {
  if (dlmsVersion < 6) return "dlms-version-too-low";
  if ((proposed & conformance.get) === 0) return "incompatible-conformance";
  // Less than a block's header and a few bytes of it: no answer would ever fit.
  if (maxReceivePduLength !== 0 && maxReceivePduLength < 32) return "pdu-size-too-short";
  return undefined;
}

const sameText = (bytes: Uint8Array | undefined, text: string) =>
  bytes !== undefined &&
  bytes.length === text.length &&
  bytes.every((byte, i) => byte === text.charCodeAt(i));
