import type { DataValue } from "@energsys/protocols/dlms";
import type { Read, Write } from "./cosem-object.ts";
import { hasShape, type Shape } from "./shape.ts";
import type { Visit } from "./visit.ts";

/** An attribute that a meter keeps as it was written, and what it holds until then. */
export interface Stored {
  readonly read: (visit: Visit) => DataValue;
  readonly write: Write;
}

/**
 * @param name of the place, unique within a meter: the object's code and the attribute
 * @param check what else must be right; gives a data access result, or `undefined` when all is
 */
export function stored(
  name: string,
  shape: Shape,
  initial: DataValue | ((visit: Visit) => DataValue),
  check?: (visit: Visit, value: DataValue) => string | undefined,
): Stored {
  return {
    read: (visit) => visit.device.kept(name) ?? (typeof initial === "function" ? initial(visit) : initial),
    write: (visit, value) => {
      if (!hasShape(value, shape)) return "type-unmatched";
      const wrong = check?.(visit, value);
      if (wrong) return wrong;
      visit.device.keep(name, value);
      return "success";
    },
  };
}

/** Attributes that are stored, by number: what is read and what is written of an object. */
export function storedAttributes(attributes: Readonly<Record<number, Stored>>): {
  readonly attributes: Record<number, Read>;
  readonly writes: Record<number, Write>;
} {
  const entries = Object.entries(attributes);
  return {
    attributes: Object.fromEntries(entries.map(([number, { read }]) => [number, read])),
    writes: Object.fromEntries(entries.map(([number, { write }]) => [number, write])),
  };
}
