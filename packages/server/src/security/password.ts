import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { Problem } from "../problem.ts";
import { commonPasswords } from "./common-passwords.ts";

const derive = promisify(argon2);

/** OWASP's smallest setting for argon2id; about 20 ms of a core. */
const parameters = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const tagLength = 32;

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64").replace(/=+$/, "");

/** An argon2id hash as a PHC string: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. */
async function hash(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await derive("argon2id", {
    message: password.normalize("NFKC"),
    nonce,
    tagLength,
    ...parameters,
  });
  const { memory, passes, parallelism } = parameters;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(tag)}`;
}

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

async function verify(password: string, stored: string): Promise<{ matches: boolean; outdated: boolean }> {
  const match = phc.exec(stored);
  if (!match) throw new Error("a stored password hash is not an argon2id PHC string");
  const [memory, passes, parallelism] = match.slice(1, 4).map(Number) as [number, number, number];
  const expected = Buffer.from(match[5]!, "base64");
  const tag = await derive("argon2id", {
    message: password.normalize("NFKC"),
    nonce: Buffer.from(match[4]!, "base64"),
    tagLength: expected.length,
    memory,
    passes,
    parallelism,
  });
  const same =
    parameters.memory === memory && parameters.passes === passes && parameters.parallelism === parallelism;
  return { matches: timingSafeEqual(Buffer.from(tag), expected), outdated: !same };
}

interface PasswordLimits {
  readonly hashesAtOnceMax: number;
  readonly hashesWaitingMax: number;
  readonly hashWaitMs: number;
}

/**
 * Hashes and checks passwords, only so many at once: a flood of sign-ins must not take the machine's memory. Others wait for their
 * turn, first come first served, so that a whole shift can sign in at one moment.
 */
export class Passwords {
  readonly #limits: PasswordLimits;
  readonly #waiting: { readonly start: () => void }[] = [];
  #running = 0;
  #checked = 0;
  /** Checked for names that do not exist, so that their answer takes as long. */
  readonly #dummy = hash(randomBytes(16).toString("hex"));

  constructor(limits: PasswordLimits) {
    this.#limits = limits;
  }

  /** How many passwords were compared since the start. */
  get checked(): number {
    return this.#checked;
  }

  /** @throws Problem `password.too-short`, `password.common`, `sign-in.slow-down` */
  async hash(
    password: string,
    names: readonly string[],
    policy: { readonly passwordLengthMin: number; readonly blockedWords: readonly string[] },
  ): Promise<string> {
    const folded = password.normalize("NFKC").toLowerCase();
    const fields = (message: string) => ({ detail: message, fields: { "/password": message } });
    if ([...password].length < policy.passwordLengthMin) {
      throw new Problem("password.too-short", fields(`At least ${policy.passwordLengthMin} characters`));
    }
    const words = [...names, ...policy.blockedWords].map((word) => word.normalize("NFKC").toLowerCase());
    if (isCommon(folded) || words.some((word) => word.length >= 4 && folded.includes(word))) {
      throw new Problem("password.common", fields("Too common, or made of your own name"));
    }
    return this.#run(() => hash(password));
  }

  /** Compares with the stored hash; without one it takes as long and never matches. @throws Problem `sign-in.slow-down` */
  verify(password: string, stored: string | undefined): Promise<{ matches: boolean; outdated: boolean }> {
    return this.#run(async () => {
      this.#checked += 1;
      const result = await verify(password, stored ?? (await this.#dummy));
      return stored === undefined ? { matches: false, outdated: false } : result;
    });
  }

  /** A new hash of a password that just matched, or that a machine made, with today's parameters. */
  rehash(password: string): Promise<string> {
    return this.#run(() => hash(password));
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      return await work();
    } finally {
      // Whoever is next takes the place over, so that nobody who comes now gets in before.
      const next = this.#waiting.shift();
      if (next) next.start();
      else this.#running -= 1;
    }
  }

  async #turn(): Promise<void> {
    if (this.#running < this.#limits.hashesAtOnceMax) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= this.#limits.hashesWaitingMax) throw busy();
    await new Promise<void>((resolve, reject) => {
      const giveUp = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(busy());
      }, this.#limits.hashWaitMs);
      const entry = {
        start: () => {
          clearTimeout(giveUp);
          resolve();
        },
      };
      this.#waiting.push(entry);
    });
  }
}

const busy = () => new Problem("sign-in.slow-down", { retryAfterSeconds: 5 });

/** On the list, or one of its words with digits or signs put around it until it is long enough. */
function isCommon(folded: string): boolean {
  if (commonPasswords.has(folded)) return true;
  const letters = folded.replaceAll(/[^\p{L}]+/gu, "");
  return letters.length === 0
    ? /^(\d)\1+$/.test(folded) ||
        "01234567890123456789".includes(folded) ||
        "98765432109876543210".includes(folded)
    : commonPasswords.has(letters) || new Set(folded).size <= 3;
}
