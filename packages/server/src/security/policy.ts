import { type Database, readSignInPolicy, type SignInPolicy, storeSignInPolicy } from "@energsys/store";

/** Other processes of the server hear of a change within this. */
const rememberedMs = 2_000;

/** The policy in force. Every call needs a part of it, so it is asked for once in two seconds. */
export class SignInPolicies {
  readonly #db: Database;
  #known: { readonly policy: Promise<SignInPolicy>; readonly untilMs: number } | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  read(): Promise<SignInPolicy> {
    const nowMs = performance.now();
    if (this.#known && nowMs < this.#known.untilMs) return this.#known.policy;
    const policy = readSignInPolicy(this.#db);
    const known = { policy, untilMs: nowMs + rememberedMs };
    this.#known = known;
    policy.catch(() => {
      if (this.#known === known) this.#known = undefined;
    });
    return policy;
  }

  /** `db` acts for whoever changes it. */
  async store(db: Database, policy: SignInPolicy): Promise<void> {
    await storeSignInPolicy(db, policy);
    this.#known = undefined;
  }
}

/** A session ends after so long without a call. */
export const idleMs = (policy: SignInPolicy): number => policy.sessionIdleMinutes * 60_000;
