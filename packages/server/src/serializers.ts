import { SerializerSelector } from "@fastify/fast-json-stringify-compiler";
import type { FastifyServerOptions } from "fastify";

type Factories = NonNullable<NonNullable<FastifyServerOptions["schemaController"]>["compilersFactory"]>;

/**
 * Makes an answer's serialiser when that answer is first given. All of them at the start cost 4.0 s of a core, since each looks at
 * every named schema anew; without them a start takes 0.3 s of it.
 */
export const lazySerializers: NonNullable<Factories["buildSerializer"]> = (schemas, options) => {
  const compile = SerializerSelector()(schemas, options);
  return (route) => {
    let serialize: ((data: unknown) => string) | undefined;
    return (data: unknown) => {
      serialize ??= compile(route);
      return serialize(data);
    };
  };
};
