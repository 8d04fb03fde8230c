import {
  associationSnName,
  hasMethodNames,
  type NamedObject,
  type NamedPlace,
  shortNamePlaces,
} from "@energsys/protocols/dlms";
import type { CosemObject } from "./cosem-object.ts";

export interface ShortNames {
  readonly bases: ReadonlyMap<string, number>;
  readonly places: ReadonlyMap<number, NamedPlace>;
}

const firstBase = 0x2000;
/** Room between two objects, more than the attributes and methods of any class take. */
const room = 0x100;

/** Gives the objects of a meter their short names: the association's own, the others in their order. */
export function nameObjects(objects: readonly CosemObject[]): ShortNames {
  const bases = new Map<string, number>();
  const named = objects.map((object, index): NamedObject => {
    const { classId, version, obis, attributes, writes = {}, methods = {} } = object;
    const base = classId === 12 ? associationSnName : firstBase + room * index;
    bases.set(obis, base);
    const numbers = new Set([1, ...Object.keys(attributes).map(Number), ...Object.keys(writes).map(Number)]);
    return {
      base,
      classId,
      version,
      obis,
      attributes: [...numbers],
      methods: hasMethodNames(classId) ? Object.keys(methods).map(Number) : [],
    };
  });
  return { bases, places: shortNamePlaces(named) };
}
