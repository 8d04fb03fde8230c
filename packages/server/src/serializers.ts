import { SerializerSelector } from "@fastify/fast-json-stringify-compiler";
import type { FastifyServerOptions } from "fastify";

type Factories = NonNullable<NonNullable<FastifyServerOptions["schemaController"]>["compilersFactory"]>;
type Schemas = Readonly<Record<string, unknown>>;

/**
 * Makes an answer's serialiser when that answer is first given, out of the named schemas that it speaks of. One that is made looks at
 * every schema it is given anew: all answers at the start, each with all schemas, cost 12 s of a core.
 */
export const lazySerializers: NonNullable<Factories["buildSerializer"]> = (schemas, options) => {
  const build = SerializerSelector();
  return (route) => {
    let serialize: ((data: unknown) => string) | undefined;
    return (data: unknown) => {
      serialize ??= build(reachableFrom(route.schema, schemas as Schemas), options)(route);
      return serialize(data);
    };
  };
};

/** The named schemas that a schema refers to, and those that they refer to. References are of the form `Name#`. */
export function reachableFrom(schema: unknown, named: Schemas): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const follow = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    const { $ref } = part as { $ref?: unknown };
    const name = typeof $ref === "string" ? $ref.replace(/#.*$/, "") : undefined;
    if (name !== undefined && !(name in found) && name in named) {
      found[name] = named[name];
      follow(named[name]);
    }
    for (const inner of Object.values(part)) follow(inner);
  };
  follow(schema);
  return found;
}
