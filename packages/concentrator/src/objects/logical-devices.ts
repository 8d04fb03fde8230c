import {
  type Agreed,
  apduTags,
  type ConformanceName,
  conforms,
  DeviceAssociation,
  decodeApdu,
  encodeApdu,
  encodeConformance,
  GeneralBlockDevice,
  serveObjects,
} from "@energsys/protocols/dlms";
import type { WrapperPorts } from "@energsys/protocols/wrapper";
import { concentratorDevice, concentratorObjects } from "./concentrator-objects.ts";
import { type CosemObject, findClient, type Visit } from "./cosem-object.ts";
import { meterObjects } from "./meter-objects.ts";
import type { ServedConfiguration, ServedCore } from "./served-core.ts";
import { ServedObjects } from "./served-objects.ts";
import { type LocalOffset, offsetIn } from "./values.ts";

const services: readonly ConformanceName[] = [
  "general-block-transfer",
  "priority-management",
  "block-transfer-with-get",
  "block-transfer-with-set",
  "block-transfer-with-action",
  "multiple-references",
  "data-notification",
  "access",
  "get",
  "set",
  "selective-access",
  "action",
];
const conformance = encodeConformance(services);
const longestPdu = 0xffff;
/** Associations at the same time on one line. A further one takes the place of the one that was used longest ago. */
export const associationsMax = 64;

const exception = (stateError: string, serviceError: string): Uint8Array =>
  encodeApdu({ kind: "exception-response", stateError, serviceError });
const noAssociation = exception("service-not-allowed", "operation-not-possible");
const unknown = exception("service-unknown", "service-not-supported");

/** Logical devices of the concentrator and of what stands behind it, for any number of lines. */
export class LogicalDevices {
  readonly core: ServedCore;
  readonly offset: (ms: number) => LocalOffset;
  readonly #concentrator: readonly CosemObject[];

  constructor(core: ServedCore, configuration: ServedConfiguration) {
    this.core = core;
    this.offset = offsetIn(core.zone);
    this.#concentrator = concentratorObjects(core, configuration, this.offset);
  }

  has(logicalDevice: number): boolean {
    return logicalDevice === concentratorDevice || this.core.meter(logicalDevice) !== undefined;
  }

  objects(logicalDevice: number): readonly CosemObject[] {
    return logicalDevice === concentratorDevice
      ? this.#concentrator
      : meterObjects(this.core, logicalDevice, this.offset);
  }

  /** The associations of one line. */
  line(): ServedLine {
    return new ServedLine(this);
  }
}

interface Standing {
  readonly association: DeviceAssociation;
  readonly blocks: GeneralBlockDevice;
  /** Requests of one association are answered one after the other. */
  last: Promise<unknown>;
}

/** One line: an association for each pair of wrapper ports, all of them at the same time. */
export class ServedLine {
  readonly #devices: LogicalDevices;
  readonly #openedMs: number;
  /** In the order of their last use. */
  readonly #standing = new Map<string, Standing>();

  constructor(devices: LogicalDevices) {
    this.#devices = devices;
    this.#openedMs = devices.core.now();
  }

  get associations(): number {
    return this.#standing.size;
  }

  /** The answer to one APDU, to be sent with the ports turned round; `undefined` where none is due. */
  async answer(
    { sourcePort, destinationPort }: WrapperPorts,
    apdu: Uint8Array,
  ): Promise<Uint8Array | undefined> {
    if (apdu[0] === apduTags["gateway-request"]) return this.#pass(sourcePort, apdu);
    const name = `${sourcePort}>${destinationPort}`;
    if (apdu[0] === apduTags.aarq && !this.#standing.has(name))
      this.#offer(name, sourcePort, destinationPort);
    const standing = this.#standing.get(name);
    if (!standing) return without(apdu);
    this.#standing.delete(name);
    this.#standing.set(name, standing);
    const turn = standing.last.then(() => standing.blocks.answer(apdu));
    standing.last = turn.catch(() => undefined);
    const answer = await turn;
    if (standing.association.state === "none" && this.#standing.get(name) === standing)
      this.#standing.delete(name);
    return answer;
  }

  #offer(name: string, clientAddress: number, logicalDevice: number): void {
    const client = findClient(clientAddress);
    if (!client || !this.#devices.has(logicalDevice)) return;
    if (this.#standing.size >= associationsMax) {
      const [oldest] = this.#standing.keys();
      if (oldest !== undefined) this.#standing.delete(oldest);
    }
    const agreed = (): Agreed => association.agreed;
    const visit: Visit = { client, lineOpenedMs: this.#openedMs, agreed };
    const served = new ServedObjects(() => this.#devices.objects(logicalDevice), visit);
    const association = new DeviceAssociation(
      { authentication: { kind: "none" }, conformance, maxReceivePduLength: longestPdu },
      serveObjects(served),
    );
    const blocks = new GeneralBlockDevice(
      (apdu) => association.answer(apdu),
      () =>
        conforms(agreed().conformance, "general-block-transfer")
          ? agreed().clientMaxReceivePduLength || longestPdu
          : 0,
    );
    this.#standing.set(name, { association, blocks, last: Promise.resolve() });
  }

  /** Section 5: what stands behind the gateway prefix goes to the meter as it is. */
  async #pass(client: number, bytes: Uint8Array): Promise<Uint8Array> {
    let request: ReturnType<typeof decodeApdu>;
    try {
      request = decodeApdu(bytes);
    } catch {
      return unknown;
    }
    if (request.kind !== "gateway-request" || request.networkId !== 0 || request.address.length !== 2)
      return unknown;
    const [high = 0, low = 0] = request.address;
    const answer = await this.#devices.core.pass((high << 8) | low, client, request.apdu);
    if (!answer) return noAssociation;
    return encodeApdu({ ...request, kind: "gateway-response", apdu: answer });
  }
}

/** Without an association a release is confirmed all the same; anything else is not possible. */
function without(apdu: Uint8Array): Uint8Array | undefined {
  try {
    const { kind } = decodeApdu(apdu);
    if (kind === "rlrq") return encodeApdu({ kind: "rlre", reason: 0 });
    return kind === "data-notification-confirm" ? undefined : noAssociation;
  } catch {
    return unknown;
  }
}
