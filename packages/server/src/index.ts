import { randomBytes } from "node:crypto";
import type { Server as HttpsServer } from "node:https";
import { isAbsolute } from "node:path";
import {
  followPool,
  holdKeyRing,
  isLoopbackAddress,
  KeyRing,
  NetworkRules,
  openDatabase,
  type PoolProgram,
  type PoolSettings,
  placeOf,
  poolsOfPrograms,
  probeWriting,
  StoreError,
  serveHealth,
} from "@energsys/store";
import type { Logger } from "pino";
import { AccountRunner } from "./analysis/account-runner.ts";
import { buildApp } from "./app.ts";
import { Availability } from "./availability.ts";
import { type ServerConfig, ServerError } from "./config.ts";
import { Directories } from "./directory/directories.ts";
import { startRecheck } from "./directory/recheck.ts";
import { startGroupSums } from "./group-sums.ts";
import { notReadyReasons, serverMetrics } from "./health/metrics.ts";
import { HealthObserver } from "./health/observer.ts";
import { Traffic } from "./health/traffic.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { limits as defaultLimits, type Limits } from "./limits.ts";
import { createLogger } from "./logger.ts";
import { RankingRunner } from "./losses/ranking-runner.ts";
import { preparePersonal } from "./personal.ts";
import { Providers } from "./provider/providers.ts";
import { FormulaRunner } from "./reports/formula-runner.ts";
import { Activity } from "./security/activity.ts";
import { GrantUse } from "./security/grant-use.ts";
import { LogWatch } from "./security/log-watch.ts";
import { OurNames } from "./security/origin.ts";
import { Passwords } from "./security/password.ts";
import { SignInPolicies } from "./security/policy.ts";
import { Sessions } from "./security/sessions.ts";
import type { Services } from "./services.ts";
import { LiveStream } from "./stream/live-stream.ts";
import { keepIdentityFresh, type TlsState } from "./tls/https-server.ts";
import { loadIdentity } from "./tls/identity.ts";
import { startValidation } from "./validation.ts";

export { createFirstToken } from "@energsys/store";
export { seriesAnswer } from "./analysis/series.ts";
export { readConfig, type ServerConfig, ServerError } from "./config.ts";
export { startJobs } from "./jobs/start.ts";
export { type Limits, limits } from "./limits.ts";
export { createLogger } from "./logger.ts";
export { readyRoles } from "./security/catalogue.ts";

export interface ServerOptions extends Partial<Omit<ServerConfig, "databaseUrl">> {
  readonly databaseUrl: string;
  readonly logger?: Logger;
  /** For tests; an installation keeps the ones of limits.ts. */
  readonly limits?: Partial<Limits>;
  readonly now?: () => number;
  /** For tests: an OpenID provider may be plain HTTP on this machine. */
  readonly loopbackProviders?: boolean;
}

export interface RunningServer {
  /** Where it is reached, such as `http://127.0.0.1:8420`. */
  readonly url: string;
  /** Port of health and metrics, when there is one. */
  readonly healthPort?: number;
  /** SHA-256 of the certificate that it shows, with TLS. */
  readonly fingerprint?: string;
  /** The authority that browsers may be told to trust, when the certificate is an own one. */
  readonly authorityFile?: string | undefined;
  /** Stops accepting, ends streams, lets calls under way finish, closes the database. */
  stop(): Promise<void>;
}

/**
 * Starts the server. The database may still be away: calls are answered with 503 until it comes.
 * @throws ServerError `server.address-refused` off loopback without TLS, `server.port-used`, `server.address-unusable`, `tls.*`
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host = "127.0.0.1", port = 8420 } = options;
  if (!isLoopbackAddress(host) && !options.tls) {
    throw new ServerError(
      "server.address-refused",
      `${host} is not a loopback address, and TLS is not configured`,
    );
  }
  const { app, services, close, tls } = await openServer(options);
  try {
    await services.keyRing?.check();
  } catch (error) {
    // With the database away the right key cannot be told from a wrong one: then it shows when something is opened.
    if (error instanceof StoreError && error.code.startsWith("secret.")) {
      await close();
      throw error;
    }
  }
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await close();
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EADDRINUSE")
      throw new ServerError("server.port-used", `port ${port} of ${host} is in use`, cause);
    throw new ServerError("server.address-unusable", `cannot listen on ${host}:${port}: ${code}`, cause);
  }
  const health = await openHealthPort(options, services).catch(async (error) => {
    await close();
    throw error;
  });
  const address = app.server.address();
  const listening = typeof address === "object" && address ? address.port : port;
  const identity = tls?.identity;
  return {
    url: `${identity ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${listening}`,
    ...(identity ? { fingerprint: identity.fingerprint, authorityFile: identity.authorityFile } : {}),
    ...(health ? { healthPort: health.port } : {}),
    stop: async () => {
      await health?.close();
      await close();
    },
  };
}

/**
 * The port for whoever watches the process. One that is taken does not keep the system from its work, unless it was asked for.
 * @throws ServerError `server.health-refused`, `server.health-port-used`
 */
async function openHealthPort(options: ServerOptions, services: Services) {
  const { health } = options;
  if (!health) return undefined;
  if (!isLoopbackAddress(health.host))
    throw new ServerError("server.health-refused", `${health.host} is not a loopback address`);
  const { observer, db } = services;
  try {
    return await serveHealth({
      ...health,
      notReady: () =>
        notReadyReasons(
          services,
          () => probeWriting(db),
          async () => (await observer.process()).diskFreePercent,
        ),
      metrics: services.metrics.text,
    });
  } catch (cause) {
    if (health.port !== 0 && health.isDefault) {
      services.logger.warn(
        { ...health, err: cause },
        "the port of health and metrics is taken; it goes without",
      );
      return undefined;
    }
    throw new ServerError("server.health-port-used", `cannot listen on ${health.host}:${health.port}`, cause);
  }
}

/** Everything but the socket; tests call it and inject requests. */
export async function openServer(options: ServerOptions) {
  const logger = options.logger ?? createLogger(options.logLevel ?? "info");
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const now = options.now ?? Date.now;
  const onConnectionError = (error: Error) => logger.warn({ err: error }, "a database connection broke");
  const open = (settings: PoolSettings, applicationName: string) =>
    openDatabase({
      url: options.databaseUrl,
      ...settings,
      applicationName,
      hashKey: options.keyProvider?.auditHashKey,
      onConnectionError,
    });
  const openPool = (program: PoolProgram) => {
    const opened = open(poolsOfPrograms[program].usual, program);
    const { stop } = followPool(opened, program, {
      onChange: (settings) =>
        logger.info({ program, ...settings }, "the pool of connections has new settings"),
    });
    return { opened, stop };
  };
  const tls: TlsState | undefined = options.tls && {
    identity: loadIdentity(options.tls, now()),
    reloadError: undefined,
  };
  const ourNames = new OurNames(options.names ?? [], () => tls?.identity.names ?? []);
  const { opened: db, stop: endFollowing } = openPool("energsys-server");
  const probe = open({ connectionsMax: 1, statementTimeoutMs: 2_000 }, "energsys-server-probe");
  const { opened: keeper, stop: endFollowingKeeper } = openPool("energsys-server-housekeeping");
  const summing = open({ connectionsMax: 1, statementTimeoutMs: 120_000 }, "energsys-server-groups");
  const validating = open({ connectionsMax: 1, statementTimeoutMs: 120_000 }, "energsys-server-validation");

  const availability = new Availability(probe, {
    probeMs: limits.databaseProbeMs,
    silentMs: limits.databaseSilentMs,
    onChange: (up) =>
      up ? logger.info("the database answers again") : logger.error("the database does not answer"),
  });
  const policies = new SignInPolicies(db);
  const keyRing = options.keyProvider && new KeyRing(db, options.keyProvider, { now });
  if (keyRing) holdKeyRing(db, keyRing);
  const endPreparing = keyRing ? preparePersonal(db, keyRing, logger) : () => {};
  const place = placeOf(options.databaseUrl);
  const networks = new NetworkRules(db, {
    ownPorts: [options.port ?? 8420, options.health?.port ?? 0, place.port],
    database: isAbsolute(place.host) ? undefined : place,
    now,
  });
  const directories = new Directories(db, {
    keyRing,
    now,
    logger,
    withinMs: limits.directoryMs,
    networks,
  });
  const sessions = new Sessions(db, limits, policies, now);
  const stream = new LiveStream(db, {
    limits,
    now,
    isDatabaseUp: () => availability.up,
    rightsOf: (sha256s) => sessions.rightsOf(sha256s),
    onFault: (error) => logger.warn({ err: error }, "the live stream lost messages"),
  });
  const traffic = new Traffic();
  const observer = new HealthObserver({
    db,
    traffic,
    stream,
    tls,
    dataFolder: options.dataFolder,
    ups: options.ups,
    now,
    logger,
  });
  const metrics = serverMetrics(traffic, observer);
  const logWatch = new LogWatch(keeper, {
    now,
    logger,
    key: options.signingKey,
    folder: options.logHeadsFolder,
  });
  const services: Services = {
    db,
    database: { url: options.databaseUrl },
    traffic,
    observer,
    metrics,
    zone: options.zone ?? "Europe/Bucharest",
    limits,
    now,
    keyRing,
    logger,
    policies,
    networks,
    directories,
    providers: new Providers({ keyRing, loopback: options.loopbackProviders ?? false, networks }),
    passwords: new Passwords(limits),
    formulas: new FormulaRunner(),
    rankings: new RankingRunner(),
    accounts: new AccountRunner(),
    // Without a master key the counts begin anew with each start.
    guessKey: options.keyProvider?.auditHashKey ?? randomBytes(32),
    activity: new Activity(db, now),
    logWatch,
    signingKey: options.signingKey,
    sessions,
    grantUse: new GrantUse(db, now),
    availability,
    stream,
    startedAtMs: now(),
    ourNames,
    tls,
  };
  const app = await buildApp({
    services,
    webRoot: options.webRoot,
    logger,
    trustedProxies: options.trustedProxies ?? [],
  });
  stream.start();
  observer.start();
  const endFreshness =
    options.tls && tls
      ? keepIdentityFresh(app.server as HttpsServer, tls, options.tls, {
          everyMs: limits.tlsLookMs,
          now,
          logger,
        })
      : () => {};
  logWatch.start();
  const endRecheck = startRecheck({ db, directories, now, logger });
  const endHousekeeping = startHousekeeping(keeper, {
    now,
    logger,
    zone: options.zone ?? "Europe/Bucharest",
  });
  const endGroupSums = startGroupSums(summing, { zone: services.zone, now, logger });
  const endValidation = startValidation(validating, { zone: services.zone, now, logger });
  const close = async () => {
    await app.close();
    endFollowing();
    endFollowingKeeper();
    availability.stop();
    endPreparing();
    endHousekeeping();
    endFreshness();
    observer.stop();
    logWatch.stop();
    endRecheck();
    // Not waited for: giving back the room of a month may take minutes, and can be broken off at any instant.
    void keeper.close();
    await Promise.all([
      endGroupSums(),
      endValidation(),
      services.formulas.close(),
      services.rankings.close(),
      services.accounts.close(),
    ]);
    await Promise.all([summing.close(), db.close(), probe.close()]);
  };
  return { app, services, close, tls };
}
