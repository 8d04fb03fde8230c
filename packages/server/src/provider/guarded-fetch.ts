import { isIP } from "node:net";

const answerMs = 3_000;
const bytesMax = 1_048_576;

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || (isIP(host) === 4 && host.startsWith("127."));

/**
 * Calls only these origins, over HTTPS, follows no redirect, waits three seconds and reads one megabyte: what a provider's own
 * description names could else send this server anywhere in the network. `loopback` lets plain HTTP on this machine through.
 */
export function guardedFetch(origins: readonly string[], loopback: boolean): typeof fetch {
  return async (input, init) => {
    const { origin, protocol, hostname } = new URL(input instanceof Request ? input.url : input);
    if (!origins.includes(origin)) throw new TypeError(`${origin} is not among the provider's origins`);
    if (protocol !== "https:" && !(loopback && isLoopback(hostname))) {
      throw new TypeError(`${origin} is not HTTPS`);
    }
    const response = await fetch(input, {
      ...init,
      redirect: "error",
      signal: AbortSignal.timeout(answerMs),
    });
    return new Response(await read(response), { status: response.status, headers: response.headers });
  };
}

async function read(response: Response): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!response.body) return null;
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body) {
    length += part.length;
    if (length > bytesMax) throw new TypeError("the answer is too long");
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
