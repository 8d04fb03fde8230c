import { type GatewayRequest, queueAttempt } from "../attempts.ts";
import type { Database } from "../database.ts";
import type { Scope } from "../scope.ts";
import { lockAdopted } from "./ownership.ts";
import { appendGatewayAct } from "./registry.ts";

/**
 * Asks a concentrator for something over its line: a row that the head-end which holds the line takes, at once or when it calls again.
 * The same request again while the first still waits gives the number of the first.
 * @throws StoreError `gateway.not-found`, `gateway.not-adopted`
 */
export function requestOfGateway(
  db: Database,
  scope: Scope,
  gatewayId: number,
  request: GatewayRequest,
  by: string,
): Promise<number> {
  return db.transaction(async (transaction) => {
    const { deviceId } = await lockAdopted(transaction, scope, gatewayId);
    const attemptId = await queueAttempt(transaction, {
      deviceId,
      cause: "gateway",
      request: { gateway: request },
      requestedBy: by,
    });
    await appendGatewayAct(transaction, gatewayId, request.action, { attemptId });
    return attemptId;
  });
}
