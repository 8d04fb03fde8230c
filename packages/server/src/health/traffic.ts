import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

interface Seen {
  in: number;
  out: number;
}

/** Calls and bytes of the HTTP side since the start. */
export class Traffic {
  calls = 0;
  /** By the first digit of the status. */
  readonly byStatus = new Map<string, number>();
  /** Of calls that were refused, by their code. */
  readonly refused = new Map<string, number>();
  bytesIn = 0;
  bytesOut = 0;
  readonly #seen = new WeakMap<Socket, Seen>();

  /** Counts every call of `app`. Bytes are those of the connection, so headers and TLS count too. */
  watch(app: FastifyInstance, onCall: (operation: string, status: number, seconds: number) => void): void {
    app.addHook("onResponse", async (request, reply) => {
      const { operationId } = (request.routeOptions.schema ?? {}) as { operationId?: string };
      this.calls++;
      const kind = `${Math.floor(reply.statusCode / 100)}xx`;
      this.byStatus.set(kind, (this.byStatus.get(kind) ?? 0) + 1);
      const code = request.refusal?.code;
      if (code !== undefined) this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
      this.#count(request.raw.socket);
      onCall(operationId ?? "file", reply.statusCode, reply.elapsedTime / 1_000);
    });
  }

  #count(socket: Socket): void {
    const seen = this.#seen.get(socket) ?? { in: 0, out: 0 };
    this.bytesIn += Math.max(0, socket.bytesRead - seen.in);
    this.bytesOut += Math.max(0, socket.bytesWritten - seen.out);
    this.#seen.set(socket, { in: socket.bytesRead, out: socket.bytesWritten });
  }
}
