import type { Erasure, Subscriber } from "../api/client.ts";

export type ErasureAct = "ask" | "confirm" | "refuse" | "withdraw";

/** How the erasure of a subscriber stands, and what whoever looks can do about it. */
export interface ErasureState {
  readonly state: "none" | Erasure["state"];
  /** The newest request; what was withdrawn says no more than that nobody asks. */
  readonly request: Erasure | undefined;
  readonly acts: readonly ErasureAct[];
  /** A contract has not ended: nobody can ask yet, nor confirm. */
  readonly contractRuns: boolean;
}

export function erasureState(
  subscriber: Pick<Subscriber, "erasedAt" | "contracts">,
  requests: readonly Erasure[],
  who: { readonly mayChange: boolean; readonly mayApprove: boolean; readonly nowMs: number },
): ErasureState {
  const newest = requests[0];
  const request = newest?.state === "withdrawn" ? undefined : newest;
  const contractRuns = subscriber.contracts.some(({ to }) => to === null || Date.parse(to) > who.nowMs);
  const of = (state: ErasureState["state"], acts: readonly (ErasureAct | false)[]): ErasureState => ({
    state,
    request,
    acts: acts.filter((act) => act !== false),
    contractRuns,
  });
  if (subscriber.erasedAt !== null) return of("erased", []);
  if (request?.state !== "asked")
    return of(request?.state ?? "none", [who.mayChange && !contractRuns && "ask"]);
  if (request.own) return of("asked", [who.mayChange && "withdraw"]);
  return of("asked", [who.mayApprove && !contractRuns && "confirm", who.mayApprove && "refuse"]);
}
