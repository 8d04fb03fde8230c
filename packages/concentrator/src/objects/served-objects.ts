import type {
  ActionOutcome,
  AttributeAccess,
  DataValue,
  DeviceObjects,
  DeviceResult,
  MethodReference,
} from "@energsys/protocols/dlms";
import { type CosemObject, failed, isRefusal, type Visit } from "./cosem-object.ts";
import { nameOctets } from "./values.ts";

/** The objects of one logical device as one client may use them. */
export class ServedObjects implements DeviceObjects {
  readonly #visit: Visit;
  readonly #objects: () => readonly CosemObject[];

  /** @param objects asked again for each request: a meter's registers are those that were read by now */
  constructor(objects: () => readonly CosemObject[], visit: Visit) {
    this.#objects = objects;
    this.#visit = visit;
  }

  async get({ attribute: wanted, selection }: AttributeAccess): Promise<DeviceResult> {
    const object = this.#find(wanted);
    if (typeof object === "string") return { ok: false, dataAccessResult: object };
    if (wanted.attribute === 1) return { ok: true, data: nameOctets(object.obis) };
    const read = object.attributes[wanted.attribute];
    if (!read) return { ok: false, dataAccessResult: "object-undefined" };
    if (selection && !(wanted.attribute === 2 && object.selectors?.includes(selection.selector)))
      return { ok: false, dataAccessResult: "scope-of-access-violated" };
    const answer = await read(this.#visit, selection);
    if (answer instanceof Uint8Array) return { ok: true, encoded: answer };
    return isRefusal(answer) ? { ok: false, dataAccessResult: answer.refused } : { ok: true, data: answer };
  }

  async set({ attribute: wanted, selection }: AttributeAccess, value: DataValue): Promise<string> {
    const object = this.#find(wanted);
    if (typeof object === "string") return object;
    if (selection) return "scope-of-access-violated";
    const write = object.writes?.[wanted.attribute];
    if (write) return this.#visit.client === "management" ? write(value, this.#visit) : "read-write-denied";
    const known = wanted.attribute === 1 || object.attributes[wanted.attribute] !== undefined;
    return known ? "read-write-denied" : "object-undefined";
  }

  async action(wanted: MethodReference, parameters: DataValue | undefined): Promise<ActionOutcome> {
    const object = this.#find(wanted);
    if (typeof object === "string") return failed(object);
    const method = object.methods?.[wanted.method];
    if (!method) return failed("object-undefined");
    return this.#visit.client === "management"
      ? method(parameters, this.#visit)
      : failed("read-write-denied");
  }

  #find({ classId, obis }: { readonly classId: number; readonly obis: string }): CosemObject | string {
    const object = this.#objects().find((one) => one.obis === obis);
    if (!object) return "object-undefined";
    return object.classId === classId ? object : "object-class-inconsistent";
  }
}
