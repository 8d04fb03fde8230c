import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Problem, problemDocument } from "./problem.ts";

/** Codes with which Fastify refuses a request before a handler sees it. */
const refusals: Readonly<Record<string, () => Problem>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => new Problem("input.too-large"),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => new Problem("input.media-type"),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => new Problem("input.invalid", { detail: "The length is wrong" }),
  FST_ERR_CTP_INVALID_JSON_BODY: () => new Problem("input.invalid", { detail: "The body is not JSON" }),
};

/** What the store refuses of what a caller asked; its code is the answer's. */
const storeRefusals = [
  "database.roles-unmade",
  "key.elsewhere",
  "key.none-active",
  "key-file.unreadable",
  "key-file.content",
  "key-file.recipient",
  "key-file.empty",
  "vpn.not-set-up",
  "vpn.device-unknown",
  "vpn.exists",
  "vpn.network-full",
  "certificate.device-unknown",
  "certificate.exists",
  "certificate.address-missing",
] as const;

/** SQLSTATE of a statement that ran into the limit of its connections (query_canceled). */
const statementTimedOut = "57014";

/** The one place where what went wrong becomes an answer. */
export function answerProblems(app: FastifyInstance): void {
  app.decorateRequest("refusal", undefined);
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = problemOf(error);
    const { code } = problem;
    request.refusal = problem;
    if (problem.statusCode >= 500) request.log.error({ code, err: error }, "call failed");
    else request.log.debug({ code }, "call refused");
    return sendProblem(problem, request, reply);
  });
}

export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { retryAfterSeconds } = problem.extras;
  if (retryAfterSeconds !== undefined) reply.header("retry-after", retryAfterSeconds);
  return reply
    .code(problem.statusCode)
    .header("cache-control", "no-store")
    .type("application/problem+json")
    .serializer(JSON.stringify)
    .send(problemDocument(problem, request.id));
}

function problemOf(error: FastifyError): Problem {
  if (error instanceof Problem) return error;
  if (error.validation) return new Problem("input.invalid", { fields: fieldsOf(error) });
  const refusedByStore = storeRefusals.find((code) => code === error.code);
  if (refusedByStore) return new Problem(refusedByStore, {}, error);
  if (error.code === statementTimedOut) return new Problem("query.too-long", {}, error);
  const refusal = refusals[error.code];
  if (refusal) return refusal();
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return new Problem("input.invalid", { detail: "The request cannot be read" }, error);
  }
  return new Problem("server.fault", {}, error);
}

/** What the schemas found, by the path of the input. */
function fieldsOf({ validation = [] }: FastifyError): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const { instancePath, keyword, params, message, schemaPath } of validation.slice(0, 20)) {
    // A property that is not known is told of by its object, below: its name is what the caller sent, and may be anything.
    if (schemaPath.endsWith("/additionalProperties")) continue;
    const { requiredProperties = [] } = (params ?? {}) as { requiredProperties?: string[] };
    const paths =
      keyword === "additionalProperties"
        ? [`${instancePath}/*`]
        : keyword === "required" && requiredProperties.length > 0
          ? requiredProperties.map((name) => `${instancePath}/${name}`)
          : [instancePath];
    for (const path of paths) fields[path.slice(0, 100) || "/"] ??= message ?? "is refused";
  }
  return fields;
}
