import type { FastifyRequest } from "fastify";

/** Names by which this machine calls itself: without TLS the server listens on loopback only. */
const loopbackName = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/** Refuses the name of a foreign site that was made to resolve to this machine (DNS rebinding). */
export const isHostOurs = (request: FastifyRequest): boolean => loopbackName.test(request.headers.host ?? "");

/** Browsers send Origin with every call that changes something; it must be where the call goes to. */
export const isOriginOurs = (request: FastifyRequest): boolean =>
  request.headers.origin === `${request.protocol}://${request.headers.host}`;
