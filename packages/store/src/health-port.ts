import { createServer } from "node:http";
import { isIP } from "node:net";

/** What a process tells the machine that watches it. */
export interface HealthPortOptions {
  readonly host: string;
  readonly port: number;
  /** Everything that keeps the process from its work; ready when there is nothing. */
  readonly notReady: () => Promise<readonly string[]>;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

/** True for addresses that only this machine reaches. */
export const isLoopbackAddress = (host: string): boolean =>
  host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));

/**
 * Serves `/live`, `/ready` and `/metrics` on a port of this machine alone, without a session: nothing there is personal.
 * Resolves with the port, rejects with the system's error.
 */
export function serveHealth(
  options: HealthPortOptions,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000 }, (request, response) => {
    const answer = (status: number, type: string, text: string) => {
      response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
      response.end(text);
    };
    const path = request.method === "GET" ? request.url : undefined;
    const work = async () => {
      if (path === "/live") return answer(200, "text/plain", "live\n");
      if (path === "/ready") {
        const reasons = await options.notReady();
        return answer(reasons.length === 0 ? 200 : 503, "text/plain", `${reasons.join("\n") || "ready"}\n`);
      }
      if (path !== "/metrics") return answer(404, "text/plain", "/live, /ready, /metrics\n");
      const { contentType, text } = await options.metrics();
      return answer(200, contentType, text);
    };
    work().catch(() => answer(500, "text/plain", "failed\n"));
  });
  server.maxConnections = 32;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: options.host, port: options.port }, () => {
      server.off("error", reject);
      server.on("error", () => {});
      const address = server.address();
      resolve({
        port: typeof address === "object" && address ? address.port : options.port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}
