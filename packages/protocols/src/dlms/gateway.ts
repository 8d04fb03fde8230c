import { LinkError } from "../errors.ts";
import { decodeApdu, encodeApdu } from "./apdu.ts";
import type { DataNotification, DataNotificationConfirm } from "./apdu-types.ts";
import { garbled } from "./association.ts";
import { sameBytes } from "./bytes.ts";
import type { ApduLink } from "./link.ts";

export interface GatewayAddress {
  readonly networkId: number;
  /** The meter's address in the network behind the gateway. */
  readonly address: Uint8Array;
}

/** A link to one meter behind a gateway (IEC 62056-5-3, gateway protocol): the prefix goes before every APDU. */
export class GatewayLink implements ApduLink {
  readonly #link: ApduLink;
  readonly #to: GatewayAddress;

  constructor(link: ApduLink, to: GatewayAddress) {
    this.#link = link;
    this.#to = to;
  }

  connect(): Promise<void> {
    return this.#link.connect();
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  /** @throws LinkError those of the link, `link.garbled`, `dlms.gateway` (an answer of another meter, or without prefix) */
  async exchange(apdu: Uint8Array): Promise<Uint8Array> {
    const bytes = await this.#link.exchange(encodeApdu({ kind: "gateway-request", ...this.#to, apdu }));
    let answer: ReturnType<typeof decodeApdu>;
    try {
      answer = decodeApdu(bytes);
    } catch (cause) {
      throw garbled(cause);
    }
    const { networkId, address } = this.#to;
    if (answer.kind === "exception-response") return bytes;
    if (answer.kind !== "gateway-response") {
      throw new LinkError("dlms.gateway", `${answer.kind} where a gateway's answer was due`);
    }
    if (answer.networkId !== networkId || !sameBytes(answer.address, address)) {
      throw new LinkError("dlms.gateway", "an answer from another meter behind the gateway");
    }
    return answer.apdu;
  }
}

const confirmedBit = 1 << 30;

/** The confirmation that a notification asks for, or `undefined`. Send it after what came is stored. */
export function confirmationOf({ longInvokeId }: DataNotification): DataNotificationConfirm | undefined {
  if ((longInvokeId & confirmedBit) === 0) return undefined;
  return { kind: "data-notification-confirm", longInvokeId };
}
