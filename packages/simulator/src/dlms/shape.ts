import type { DataValue } from "@energsys/protocols/dlms";

/** What a written value must look like: a type, an array of one shape, or a structure of several. */
export type Shape =
  | DataValue["type"]
  | { readonly arrayOf: Shape; readonly most?: number }
  | { readonly structure: readonly Shape[] }
  | { readonly oneOf: readonly Shape[] };

export function hasShape(value: DataValue, shape: Shape): boolean {
  if (typeof shape === "string") return value.type === shape;
  if ("oneOf" in shape) return shape.oneOf.some((one) => hasShape(value, one));
  if ("arrayOf" in shape) {
    const { arrayOf, most = 255 } = shape;
    return (
      value.type === "array" &&
      value.items.length <= most &&
      value.items.every((item) => hasShape(item, arrayOf))
    );
  }
  const { structure } = shape;
  return (
    value.type === "structure" &&
    value.items.length === structure.length &&
    value.items.every((item, n) => hasShape(item, structure[n] as Shape))
  );
}
