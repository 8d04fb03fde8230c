import { readFile, writeFile } from "node:fs/promises";
import { TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import fastify from "fastify";
import { contract } from "./contract.ts";
import { describeRoutes, routeSchema } from "./openapi.ts";
import { lazySerializers } from "./serializers.ts";

/** The API description, as docs/openapi.json holds it. */
export async function describeApi(): Promise<string> {
  const app = fastify({ schemaController: { compilersFactory: { buildSerializer: lazySerializers } } });
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  await describeRoutes(app);
  for (const [operationId, operation] of Object.entries(contract)) {
    app.route({
      method: operation.method,
      url: `/api${operation.url}`,
      schema: routeSchema(operationId, operation),
      handler: () => null,
    });
  }
  await app.ready();
  const description = `${JSON.stringify(app.swagger(), null, 2)}\n`;
  await app.close();
  return description;
}

export const openapiFile = new URL("../../../docs/openapi.json", import.meta.url);
export const readDescription = () => readFile(openapiFile, "utf8");

if (import.meta.main) await writeFile(openapiFile, await describeApi());
