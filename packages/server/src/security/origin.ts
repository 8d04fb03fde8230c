import type { FastifyRequest } from "fastify";

/** Names by which this machine calls itself. */
const loopbackName = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Names by which the server may be called: those of this machine alone, those that were configured, and those of the certificate it shows.
 * A foreign site that was made to resolve to this machine has another (DNS rebinding).
 */
export class OurNames {
  readonly #configured: ReadonlySet<string>;
  readonly #ofCertificate: () => readonly string[];

  constructor(configured: readonly string[], ofCertificate: () => readonly string[]) {
    this.#configured = new Set(configured.map((name) => name.toLowerCase()));
    this.#ofCertificate = ofCertificate;
  }

  /** `host` as a request has it, with or without port. */
  include(host: string): boolean {
    const name = host.toLowerCase().replace(/:\d{1,5}$/, "");
    if (loopbackName.test(name)) return true;
    const bare = name.replace(/^\[(.*)\]$/, "$1");
    return this.#configured.has(bare) || this.#ofCertificate().some((pattern) => matches(pattern, bare));
  }
}

/** `*.example.ro` is for one label in the place of the star. */
const matches = (pattern: string, name: string): boolean =>
  pattern.toLowerCase() === name ||
  (pattern.startsWith("*.") && name.slice(name.indexOf(".")) === pattern.slice(1).toLowerCase());

/** Browsers send Origin with every call that changes something; it must be where the call goes to. */
export const isOriginOurs = (request: FastifyRequest): boolean =>
  request.headers.origin === `${request.protocol}://${request.host}`;
