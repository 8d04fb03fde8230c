import { expect, test } from "vitest";
import type { Erasure } from "../api/client.ts";
import { erasureState } from "./erasure-state.ts";

const nowMs = Date.parse("2026-11-27T12:00:00Z");
const contract = (to: string | null) => ({
  ...{ contractId: 1, number: "C-1", subscriberId: 1, subscriber: "Popescu Ion", pointId: 1, pod: "RO001" },
  ...{ from: "2026-01-01T00:00:00Z", to },
});
const ended = { erasedAt: null, contracts: [contract("2026-06-01T00:00:00Z")] };
const request = (state: Erasure["state"], own: boolean): Erasure => ({
  ...{ erasureId: 1, subscriberId: 1, subscriber: "Popescu Ion", reason: "nr. 12", requestedBy: "maria" },
  ...{ requestedAt: "2026-11-01T00:00:00Z", own, state, decidedBy: null, decidedAt: null, note: "" },
  replayedAt: null,
});
const both = { mayChange: true, mayApprove: true, nowMs };
const may = (mayChange: boolean, mayApprove: boolean) => ({ mayChange, mayApprove, nowMs });

test.each([
  ["nobody asked", [], both, "none", ["ask"]],
  ["nobody asked, and who looks may only look", [], may(false, false), "none", []],
  ["it was taken back", [request("withdrawn", true)], both, "none", ["ask"]],
  ["it was refused", [request("refused", false)], both, "refused", ["ask"]],
  ["another person asked", [request("asked", false)], both, "asked", ["confirm", "refuse"]],
  [
    "another person asked, and who looks may not confirm",
    [request("asked", false)],
    may(true, false),
    "asked",
    [],
  ],
  ["who looks asked", [request("asked", true)], both, "asked", ["withdraw"]],
] as const)("%s", (_, requests, who, state, acts) => {
  expect(erasureState(ended, requests, who)).toMatchObject({ state, acts });
});

test("a contract that runs, or ends later, lets nobody ask or confirm; refusing stays", () => {
  for (const to of [null, "2026-12-31T00:00:00Z"]) {
    const running = { erasedAt: null, contracts: [contract(to)] };
    expect(erasureState(running, [], both)).toMatchObject({ acts: [], contractRuns: true });
    expect(erasureState(running, [request("asked", false)], both).acts).toEqual(["refuse"]);
  }
});

test("of somebody erased nothing is left to do", () => {
  const erased = { ...ended, erasedAt: "2026-11-02T00:00:00Z" };
  expect(erasureState(erased, [request("erased", false)], both)).toMatchObject({ state: "erased", acts: [] });
});
