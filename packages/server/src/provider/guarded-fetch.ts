import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import type { MayConnect } from "@energsys/store";
import { guardedLookup } from "../security/guarded-lookup.ts";

const answerMs = 3_000;
const bytesMax = 1_048_576;

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || (isIP(host) === 4 && host.startsWith("127."));

/**
 * Calls only these origins, over HTTPS, follows no redirect, waits three seconds and reads one megabyte: what a provider's own
 * description names could else send this server anywhere in the network. A name is resolved once, and only an address that `mayConnect`
 * allows is connected to. `loopback` lets plain HTTP on this machine through.
 */
export function guardedFetch(
  origins: readonly string[],
  { loopback, mayConnect }: { readonly loopback: boolean; readonly mayConnect: MayConnect },
): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const { origin, protocol, hostname } = url;
    if (!origins.includes(origin)) throw new TypeError(`${origin} is not among the provider's origins`);
    if (protocol !== "https:" && !(loopback && isLoopback(hostname))) {
      throw new TypeError(`${origin} is not HTTPS`);
    }
    const port = Number(url.port || (protocol === "https:" ? 443 : 80));
    const lookup = guardedLookup(hostname, port, mayConnect);
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const call = protocol === "https:" ? requestHttps : requestHttp;
      const sent = call(url, {
        method: request.method,
        headers: {
          ...Object.fromEntries(request.headers),
          ...(body ? { "content-length": body.length } : {}),
        },
        lookup,
        // Answers are read as they come: a packed one could be larger than what is counted.
        agent: false,
        signal: AbortSignal.timeout(answerMs),
      });
      // As `fetch` does: whoever calls tells by it that nobody was reached.
      sent
        .once("error", (cause) => reject(new TypeError(cause.message, { cause })))
        .once("response", resolve)
        .end(body);
    });
    const status = answer.statusCode ?? 0;
    if (status >= 300 && status < 400) {
      answer.destroy();
      throw new TypeError(`${origin} sends elsewhere, which is not followed`);
    }
    const headers = new Headers();
    for (const [name, value] of Object.entries(answer.headers)) {
      for (const each of [value].flat()) if (each !== undefined) headers.append(name, each);
    }
    const bytes = await read(answer);
    return new Response(status === 204 || bytes.length === 0 ? null : bytes, { status, headers });
  };
}

async function read(answer: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > bytesMax) throw new TypeError("the answer is too long");
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
