import type { TSchema } from "typebox";
import { Value } from "typebox/value";

/** A place in the file as a person writes it: `lines[0].url`. */
const placeOf = (pointer: string): string =>
  pointer
    .slice(1)
    .split("/")
    .reduce(
      (path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === "" ? part : `${path}.${part}`),
      "",
    );

/** The part of a schema that a fault's pointer names. */
const partOf = (
  schema: TSchema,
  pointer: string,
): { readonly description?: string; readonly enum?: unknown[] } =>
  pointer
    .slice(2)
    .split("/")
    .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], schema) ?? {};

/** What is wrong with the form of a configuration, a line for each place, in words where the schema has some. */
export function faultsOfForm(schema: TSchema, value: unknown): string[] {
  const faults = new Set<string>();
  for (const { keyword, instancePath, schemaPath, params, message } of Value.Errors(schema, value)) {
    // Each way that is not meant has faults of its own: which ways there are is said once.
    if (schemaPath.includes("/anyOf/")) continue;
    const place = placeOf(instancePath);
    const { requiredProperties, additionalProperties } = params as {
      requiredProperties?: string[];
      additionalProperties?: string[];
    };
    const within = (names: readonly string[]) => [place, names.join(", ")].filter(Boolean).join(".");
    if (keyword === "boolean") continue;
    if (requiredProperties) faults.add(`${within(requiredProperties)}: must be given`);
    else if (additionalProperties) faults.add(`${within(additionalProperties)}: is not known`);
    else {
      const { description, enum: known } = partOf(schema, schemaPath);
      const words = keyword === "enum" && known ? known.join(" or ") : description;
      const isForm = keyword === "pattern" || keyword === "anyOf" || keyword === "enum";
      faults.add(`${place || "configuration"}: ${isForm && words ? `must be ${words}` : message}`);
    }
  }
  return [...faults];
}
