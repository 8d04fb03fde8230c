import type { Database, KeyRing, NetworkRules, SigningKey } from "@energsys/store";
import type { Logger } from "pino";
import type { AccountRunner } from "./analysis/account-runner.ts";
import type { Availability } from "./availability.ts";
import type { Directories } from "./directory/directories.ts";
import type { ServerMetrics } from "./health/metrics.ts";
import type { HealthObserver } from "./health/observer.ts";
import type { Traffic } from "./health/traffic.ts";
import type { Limits } from "./limits.ts";
import type { RankingRunner } from "./losses/ranking-runner.ts";
import type { Providers } from "./provider/providers.ts";
import type { FormulaRunner } from "./reports/formula-runner.ts";
import type { Activity } from "./security/activity.ts";
import type { GrantUse } from "./security/grant-use.ts";
import type { LogWatch } from "./security/log-watch.ts";
import type { OurNames } from "./security/origin.ts";
import type { Passwords } from "./security/password.ts";
import type { SignInPolicies } from "./security/policy.ts";
import type { Caller, Sessions } from "./security/sessions.ts";
import type { LiveStream } from "./stream/live-stream.ts";
import type { TlsState } from "./tls/https-server.ts";

/** What handlers work with. */
export interface Services {
  /** Within a call it acts for its caller (`actingAs`). */
  readonly db: Database;
  /** Where the database is, password included. */
  readonly database: { readonly url: string };
  readonly zone: string;
  readonly limits: Limits;
  readonly now: () => number;
  readonly logger: Logger;
  readonly policies: SignInPolicies;
  /** Seals and opens secrets by their place; absent when no master key is configured. */
  readonly keyRing: KeyRing | undefined;
  /** Where addresses that people typed may lead. */
  readonly networks: NetworkRules;
  readonly directories: Directories;
  readonly providers: Providers;
  readonly passwords: Passwords;
  /** Runs formulas of reports where they can be stopped. */
  readonly formulas: FormulaRunner;
  /** Ranks suspects of losses where no other call waits for it. */
  readonly rankings: RankingRunner;
  /** Makes accounts of tariffs where no other call waits for it. */
  readonly accounts: AccountRunner;
  readonly sessions: Sessions;
  /** What failed sign-ins are counted by is hashed under it. */
  readonly guessKey: Uint8Array;
  readonly activity: Activity;
  readonly logWatch: LogWatch;
  /** Signs what leaves the activity log; absent when none is configured. */
  readonly signingKey: SigningKey | undefined;
  readonly grantUse: GrantUse;
  readonly availability: Availability;
  readonly stream: LiveStream;
  readonly traffic: Traffic;
  readonly observer: HealthObserver;
  readonly metrics: ServerMetrics;
  readonly startedAtMs: number;
  /** Names by which it may be called. */
  readonly ourNames: OurNames;
  /** The certificate that it shows; absent without TLS. */
  readonly tls: TlsState | undefined;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Set for every call that is not open to anyone. */
    caller: Caller | undefined;
  }
}
