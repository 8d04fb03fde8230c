import type {
  ActionOutcome,
  AttributeAccess,
  DataValue,
  DeviceObjects,
  DeviceResult,
  MethodReference,
} from "@energsys/protocols/dlms";
import { type CosemObject, failed, isRefusal } from "./cosem-object.ts";
import { nameOctets } from "./values.ts";
import type { Visit } from "./visit.ts";

/** The objects of one association, by what the client of it may do. */
export class MeterObjects implements DeviceObjects {
  readonly #visit: Visit;
  readonly #byName: ReadonlyMap<string, CosemObject>;

  constructor(visit: Visit, byName: ReadonlyMap<string, CosemObject>) {
    this.#visit = visit;
    this.#byName = byName;
  }

  get({ attribute: wanted, selection }: AttributeAccess): DeviceResult {
    const object = this.#find(wanted);
    if (typeof object === "string") return { ok: false, dataAccessResult: object };
    if (wanted.attribute === 1) return { ok: true, data: nameOctets(object.obis) };
    const read = object.attributes[wanted.attribute];
    if (!read) {
      const writable = object.writes?.[wanted.attribute] !== undefined;
      return { ok: false, dataAccessResult: writable ? "read-write-denied" : "object-undefined" };
    }
    if (selection) {
      const known = wanted.attribute === 2 && object.selectors?.includes(selection.selector);
      if (!known) return { ok: false, dataAccessResult: "scope-of-access-violated" };
    }
    const answer = read(this.#visit, selection);
    if (answer instanceof Uint8Array) return { ok: true, encoded: answer };
    return isRefusal(answer) ? { ok: false, dataAccessResult: answer.refused } : { ok: true, data: answer };
  }

  set({ attribute: wanted, selection }: AttributeAccess, value: DataValue): string {
    const object = this.#find(wanted);
    if (typeof object === "string") return object;
    if (selection) return "scope-of-access-violated";
    const write = object.writes?.[wanted.attribute];
    if (write) return this.#visit.role === "manager" ? write(this.#visit, value) : "read-write-denied";
    const known = wanted.attribute === 1 || object.attributes[wanted.attribute] !== undefined;
    return known ? "read-write-denied" : "object-undefined";
  }

  action(wanted: MethodReference, parameters: DataValue | undefined): ActionOutcome {
    const object = this.#find(wanted);
    if (typeof object === "string") return failed(object);
    const method = object.methods?.[wanted.method];
    if (!method) return failed("object-undefined");
    return this.#visit.role === "manager" ? method(this.#visit, parameters) : failed("read-write-denied");
  }

  #find({ classId, obis }: { readonly classId: number; readonly obis: string }): CosemObject | string {
    this.#visit.device.catchUp();
    const object = this.#byName.get(obis);
    if (!object || !(object.open || this.#visit.role !== "public")) return "object-undefined";
    return object.classId === classId ? object : "object-class-inconsistent";
  }
}
