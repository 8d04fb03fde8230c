import {
  BranchAdded,
  BranchChanged,
  Branches,
  BranchGiven,
  BranchParams,
  BranchRemoval,
} from "../schemas/branches.ts";
import { nothing, operation } from "./operation.ts";

const tag = "branches";

/** Calls about the branches of the network, to which everything in it belongs. */
export const branchOperations = {
  listBranches: operation({
    method: "GET",
    url: "/branches",
    action: "branches.see",
    tag,
    summary: "Branches, each after the one above it, with what hangs on each",
    answer: Branches,
  }),
  addBranch: operation({
    method: "POST",
    url: "/branches",
    action: "branches.change",
    tag,
    summary: "A new branch, in which nothing is yet",
    body: BranchGiven,
    status: 201,
    answer: BranchAdded,
    problems: [404, 409],
  }),
  changeBranch: operation({
    method: "PUT",
    url: "/branches/:branchId",
    action: "branches.change",
    tag,
    summary: "Another name, or another branch above it, whose rights cover it from then on",
    params: BranchParams,
    body: BranchGiven,
    answer: BranchChanged,
    problems: [404, 409],
  }),
  removeBranch: operation({
    method: "POST",
    url: "/branches/:branchId/removal",
    action: "branches.change",
    tag,
    summary: "Takes away a branch on which nothing hangs",
    params: BranchParams,
    body: BranchRemoval,
    status: 204,
    answer: nothing,
    problems: [404, 409],
  }),
} as const;
