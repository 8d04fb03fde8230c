import swagger from "@fastify/swagger";
import type { FastifyInstance, FastifySchema } from "fastify";
import { namedSchemas, type Operation } from "./contract.ts";
import { version } from "./version.ts";

const problemStatuses = [400, 401, 403, 429, 503];
const words: Record<number, string> = {
  200: "Done",
  201: "Made",
  202: "Accepted",
  204: "Done, nothing to say",
  400: "The input is refused",
  401: "No session",
  403: "Not allowed",
  404: "No such thing",
  409: "The state of things forbids it",
  429: "Too many calls",
  503: "The database is away",
};

/** Makes the instance write down its routes as OpenAPI 3.1. Before the routes. */
export async function describeRoutes(app: FastifyInstance): Promise<void> {
  for (const schema of namedSchemas) app.addSchema(schema);
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "ENERGSys",
        version,
        description:
          "Meter reading and management. Instants are ISO 8601 in UTC; days are market-local dates; energy is exact: integers with unit and scale, or decimal strings. Problems are application/problem+json with a stable code.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: "/api" }],
      components: {
        securitySchemes: { session: { type: "apiKey", in: "cookie", name: "sid" } },
      },
    },
    refResolver: { buildLocalReference: (json) => String(json.$id) },
    // The prefix stands in `servers`, so that paths read as in the documentation.
    transform: ({ schema, url }) => ({ schema, url: url.replace(/^\/api/, "") }),
  });
}

/** The schema that Fastify validates with and the description is made from. */
export function routeSchema(operationId: string, operation: Operation): FastifySchema {
  const open = operation.action === "anyone" || operation.action === "first-account";
  const status = operation.status ?? 200;
  const content = (schema: object, media: string) => ({ content: { [media]: { schema } } });
  const problems = [...new Set([...problemStatuses, ...(operation.problems ?? [])])]
    .filter((problem) => !open || problem !== 401)
    .map((problem) => [
      problem,
      { description: words[problem], ...content({ $ref: "Problem#" }, "application/problem+json") },
    ]);
  return {
    operationId,
    tags: [operation.tag],
    summary: operation.summary,
    ...(open ? { security: [] } : { security: [{ session: [] }] }),
    ...(operation.params && { params: operation.params }),
    ...(operation.query && { querystring: operation.query }),
    ...(operation.body && { body: operation.body }),
    response: {
      [status]:
        status === 204
          ? { type: "null", description: words[204] }
          : {
              description: words[status],
              ...content(operation.answer, operation.media ?? "application/json"),
            },
      ...Object.fromEntries(problems),
    },
  } as FastifySchema;
}
