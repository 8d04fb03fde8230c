import { randomBytes } from "node:crypto";
import type { RequestListener } from "node:http";
import { actingAs } from "@energsys/store";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import { registerAjvFormats, TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import fastify, { type FastifyInstance, type FastifyReply, LogController } from "fastify";
import type { Logger } from "pino";
import Format from "typebox/format";
import { contract, type Operation, type OperationId } from "./contract.ts";
import { answerProblems, sendProblem } from "./errors.ts";
import type { Call, Handler, Handlers } from "./handlers.ts";
import { isDay, isInstant } from "./instants.ts";
import { readJson } from "./json-body.ts";
import { describeRoutes, routeSchema } from "./openapi.ts";
import { Problem } from "./problem.ts";
import { accountHandlers } from "./routes/account.ts";
import { alarmHandlers } from "./routes/alarms.ts";
import { analysisHandlers } from "./routes/analysis.ts";
import { attemptHandlers } from "./routes/attempts.ts";
import { billingHandlers } from "./routes/billing.ts";
import { branchHandlers } from "./routes/branches.ts";
import { certificateHandlers } from "./routes/certificates.ts";
import { curveHandlers } from "./routes/curves.ts";
import { dataExportHandlers } from "./routes/data-exports.ts";
import { databaseHandlers } from "./routes/database.ts";
import { deliverySettingsHandlers } from "./routes/delivery-settings.ts";
import { deviceHandlers } from "./routes/devices.ts";
import { equipmentHandlers } from "./routes/equipment.ts";
import { equipmentActionHandlers } from "./routes/equipment-actions.ts";
import { equipmentMeterHandlers } from "./routes/equipment-meters.ts";
import { erasureHandlers } from "./routes/erasures.ts";
import { exchangeHandlers } from "./routes/exchanges.ts";
import { fieldImportHandlers } from "./routes/field-imports.ts";
import { fieldTaskHandlers } from "./routes/field-tasks.ts";
import { firstRunHandlers } from "./routes/first-run.ts";
import { groupImportHandlers } from "./routes/group-imports.ts";
import { groupHandlers } from "./routes/groups.ts";
import { healthHandlers } from "./routes/health.ts";
import { identitySourceHandlers } from "./routes/identity-sources.ts";
import { jobHandlers } from "./routes/jobs.ts";
import { keyHandlers } from "./routes/keys.ts";
import { logHandlers } from "./routes/log.ts";
import { lossCaseHandlers } from "./routes/loss-cases.ts";
import { lossHandlers } from "./routes/losses.ts";
import { meterHandlers } from "./routes/meters.ts";
import { modemHandlers } from "./routes/modems.ts";
import { multiRateHandlers } from "./routes/multi-rate.ts";
import { networkHandlers } from "./routes/networks.ts";
import { operationsHandlers } from "./routes/operations.ts";
import { peakHandlers } from "./routes/peaks.ts";
import { peopleHandlers } from "./routes/people.ts";
import { placeHandlers } from "./routes/places.ts";
import { pointChangeHandlers } from "./routes/point-changes.ts";
import { pointHandlers } from "./routes/points.ts";
import { importHandlers } from "./routes/points-imports.ts";
import { proofHandlers } from "./routes/proof.ts";
import { providerHandlers } from "./routes/provider.ts";
import { ratioHandlers } from "./routes/ratios.ts";
import { readingPlanHandlers } from "./routes/reading-plans.ts";
import { readingHandlers } from "./routes/readings.ts";
import { reportHandlers } from "./routes/reports.ts";
import { retentionHandlers } from "./routes/retention.ts";
import { roleHandlers } from "./routes/roles.ts";
import { signInHandlers } from "./routes/sign-in.ts";
import { signInSettingsHandlers } from "./routes/sign-in-settings.ts";
import { subscriberHandlers } from "./routes/subscribers.ts";
import { tariffHandlers } from "./routes/tariffs.ts";
import { tokenHandlers } from "./routes/tokens.ts";
import { ruleHandlers } from "./routes/validation-rules.ts";
import { valueStoryHandlers } from "./routes/value-story.ts";
import { vpnHandlers } from "./routes/vpn.ts";
import { watchHandlers } from "./routes/watch.ts";
import { workbenchHandlers } from "./routes/workbench.ts";
import { actorOf, tellRefusals } from "./security/activity.ts";
import { isRight } from "./security/catalogue.ts";
import {
  demandActions,
  demandFreshProofs,
  demandRights,
  demandSessions,
  findCallers,
  keepLooksReadOnly,
  refuseNul,
  refuseStrangers,
} from "./security/gate.ts";
import { limitRates } from "./security/rate.ts";
import { scopeOf } from "./security/rights.ts";
import { lazySerializers } from "./serializers.ts";
import type { Services } from "./services.ts";
import { createTlsServer, type TlsState } from "./tls/https-server.ts";
import { serveWeb } from "./web-files.ts";

/** A handler for every operation: the type says when one is missing. */
const handlers: Handlers = {
  ...accountHandlers,
  ...alarmHandlers,
  ...peakHandlers,
  ...analysisHandlers,
  ...watchHandlers,
  ...attemptHandlers,
  ...databaseHandlers,
  ...keyHandlers,
  ...networkHandlers,
  ...vpnHandlers,
  ...certificateHandlers,
  ...curveHandlers,
  ...dataExportHandlers,
  ...deviceHandlers,
  ...equipmentHandlers,
  ...equipmentActionHandlers,
  ...equipmentMeterHandlers,
  ...fieldImportHandlers,
  ...fieldTaskHandlers,
  ...firstRunHandlers,
  ...groupHandlers,
  ...groupImportHandlers,
  ...healthHandlers,
  ...importHandlers,
  ...jobHandlers,
  ...logHandlers,
  ...lossCaseHandlers,
  ...lossHandlers,
  ...meterHandlers,
  ...multiRateHandlers,
  ...tariffHandlers,
  ...modemHandlers,
  ...placeHandlers,
  ...identitySourceHandlers,
  ...operationsHandlers,
  ...peopleHandlers,
  ...pointHandlers,
  ...exchangeHandlers,
  ...pointChangeHandlers,
  ...readingPlanHandlers,
  ...branchHandlers,
  ...ratioHandlers,
  ...erasureHandlers,
  ...readingHandlers,
  ...valueStoryHandlers,
  ...billingHandlers,
  ...retentionHandlers,
  ...proofHandlers,
  ...providerHandlers,
  ...reportHandlers,
  ...deliverySettingsHandlers,
  ...roleHandlers,
  ...signInHandlers,
  ...signInSettingsHandlers,
  ...subscriberHandlers,
  ...tokenHandlers,
  ...ruleHandlers,
  ...workbenchHandlers,
};

export interface AppOptions {
  readonly services: Services;
  readonly webRoot?: string | undefined;
  readonly logger: Logger;
  /** Addresses of proxies whose word on the caller's address and scheme is taken. */
  readonly trustedProxies: readonly string[];
}

/** The whole HTTP side, not yet listening. */
export async function buildApp({
  services,
  webRoot,
  logger,
  trustedProxies,
}: AppOptions): Promise<FastifyInstance> {
  const { limits } = services;
  const app = fastify({
    loggerInstance: logger,
    // `logCalls` writes one line per call, with nothing of a person in it.
    logController: new LogController({ disableRequestLogging: true }),
    ...(services.tls ? { serverFactory: tlsServerFactory(services.tls, services) } : {}),
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: 30_000,
    forceCloseConnections: "idle",
    genReqId: () => randomBytes(9).toString("base64url"),
    // An address that cannot be decoded has no route, and so no error handler.
    frameworkErrors: (_, request, reply) =>
      void sendProblem(new Problem("route.not-found"), request, reply as FastifyReply),
    schemaController: { compilersFactory: { buildSerializer: lazySerializers } },
    routerOptions: { maxParamLength: 100, ignoreTrailingSlash: false },
  }) as unknown as FastifyInstance;
  app.server.headersTimeout = limits.headersTimeoutMs;
  registerAjvFormats();
  Format.Set("date-time", isInstant);
  Format.Set("date", isDay);
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  readJson(app, limits.jsonDepthMax);
  answerProblems(app);
  demandActions(app);

  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    referrerPolicy: { policy: "same-origin" },
    xFrameOptions: { action: "deny" },
    strictTransportSecurity: false, // below: whether it may be said changes with the certificate
  });
  app.addHook("onSend", async (_, reply) => {
    // Told of a certificate that browsers do not trust, they would lock everybody out.
    if (services.tls?.identity.isTrusted) reply.header("strict-transport-security", "max-age=31536000");
  });
  await app.register(cookie);
  const rates = await limitRates(app, limits);
  refuseStrangers(app, services);
  findCallers(app, services, rates.remember);
  demandSessions(app);
  keepLooksReadOnly(app);
  demandRights(app, services);
  demandFreshProofs(app, services);
  refuseNul(app);
  logCalls(app);
  services.traffic.watch(app, services.metrics.observeCall);
  tellRefusals(app, services);
  await describeRoutes(app);

  for (const [operationId, operation] of Object.entries(contract) as [OperationId, Operation][]) {
    addRoute(app, operationId, operation, services, operation.budget && rates.budget(operation.budget));
  }
  if (!(await serveWeb(app, webRoot, rates.budget("file"))))
    logger.warn({ webRoot }, "no web application to serve");
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) =>
    sendProblem(new Problem("route.not-found"), request, reply),
  );
  app.addHook("preClose", async () => services.stream.stop());
  return app;
}

const tlsServerFactory =
  (tls: TlsState, { limits, ourNames }: Services) =>
  (handle: RequestListener) =>
    createTlsServer(tls, handle, limits, (host) => ourNames.include(host));

function addRoute(
  app: FastifyInstance,
  operationId: OperationId,
  operation: Operation,
  services: Services,
  budget: object | undefined,
): void {
  const handle = handlers[operationId] as unknown as Handler<"getLoadCurve">;
  const work = (call: Call<"getLoadCurve">) =>
    // Health tells of the database, so it must not wait for it.
    operationId === "getHealth" ? handle(call) : services.availability.whileUp(() => handle(call));
  app.route({
    method: operation.method,
    url: `/api${operation.url}`,
    schema: routeSchema(operationId, operation),
    ...(operation.bodyLimit ? { bodyLimit: services.limits[operation.bodyLimit] } : {}),
    config: { ...budget, action: operation.action, stages: operation.stages, stepUp: operation.stepUp },
    ...(operation.bodyBytesMax === undefined ? {} : { bodyLimit: operation.bodyBytesMax }),
    // HEAD of a stream would stay open with nothing to say.
    exposeHeadRoute: operation.media !== "text/event-stream",
    // A year's curve is 35,040 numbers, each of which the schema's serialiser would look at twice.
    ...(operationId === "getLoadCurve" ? { serializerCompiler: () => JSON.stringify } : {}),
    handler: async (request, reply) => {
      const { params, query, body, caller } = request;
      const db = actingAs(services.db, actorOf(request, operationId, operation));
      const { action } = operation;
      const call = {
        params,
        query,
        body,
        caller,
        scope: caller && isRight(action) ? scopeOf(caller.rights, action) : undefined,
        services: { ...services, db },
        signal: signalOfLeaving(reply),
        request,
        reply,
      } as unknown as Call<"getLoadCurve">;
      reply.code(operation.status ?? 200).header("cache-control", "no-store");
      const answer = await work(call);
      await services.activity.tell(operationId, request, answer);
      return answer;
    },
  });
}

/** Fastify's own signal goes by the request, which closes as soon as its body was read. */
function signalOfLeaving({ raw }: FastifyReply): AbortSignal {
  const left = new AbortController();
  raw.once("close", () => {
    if (!raw.writableFinished) left.abort("left");
  });
  return left.signal;
}

/** One line per call: what, how it went, how long. No address of a caller, no input. */
function logCalls(app: FastifyInstance): void {
  app.addHook("onResponse", async (request, reply) => {
    request.log.debug(
      {
        operation: request.routeOptions.schema
          ? (request.routeOptions.schema as { operationId?: string }).operationId
          : undefined,
        method: request.method,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
      },
      "call answered",
    );
  });
}
