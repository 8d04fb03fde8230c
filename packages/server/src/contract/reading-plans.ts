import { PointParams } from "../schemas/basics.ts";
import { GroupParams } from "../schemas/groups.ts";
import {
  GroupPlanEnd,
  GroupPlanGiven,
  GroupPlanSet,
  PointPlanEnd,
  PointPlanGiven,
  PointPlanSet,
  ReadingPlanAdded,
  ReadingPlanGiven,
  ReadingPlans,
} from "../schemas/reading-plans.ts";
import { operation } from "./operation.ts";

const tag = "devices";

/** Calls about when devices are read of themselves. */
export const readingPlanOperations = {
  listReadingPlans: operation({
    method: "GET",
    url: "/reading-plans",
    action: "points.see",
    tag,
    summary: "Reading plans: how often, what of a device, and how many devices",
    answer: ReadingPlans,
  }),
  addReadingPlan: operation({
    method: "POST",
    url: "/reading-plans",
    action: "devices.change",
    tag,
    summary: "A new reading plan; nothing is read by it until a point is given it",
    body: ReadingPlanGiven,
    status: 201,
    answer: ReadingPlanAdded,
    problems: [409],
  }),
  setPointPlan: operation({
    method: "PUT",
    url: "/points/:pointId/plan",
    action: "devices.change",
    tag,
    summary: "Reads the point's device by a plan of its own from now on, or only on request",
    params: PointParams,
    body: PointPlanGiven,
    answer: PointPlanSet,
    problems: [404, 409],
  }),
  setGroupPlan: operation({
    method: "PUT",
    url: "/groups/:groupId/plan",
    action: "devices.change",
    tag,
    summary: "Reads all members of a group by a plan, or only on request: those of now, and who joins later",
    params: GroupParams,
    body: GroupPlanGiven,
    answer: GroupPlanSet,
    problems: [404],
  }),
  endPointPlan: operation({
    method: "POST",
    url: "/points/:pointId/plan/removal",
    action: "devices.change",
    tag,
    summary: "The point has no plan of its own any more: it is read as its groups say, or as it came",
    params: PointParams,
    body: PointPlanEnd,
    answer: PointPlanSet,
    problems: [404, 409],
  }),
  endGroupPlan: operation({
    method: "POST",
    url: "/groups/:groupId/plan/removal",
    action: "devices.change",
    tag,
    summary: "The group says nothing of how its members are read any more: they are read as before",
    params: GroupParams,
    body: GroupPlanEnd,
    answer: GroupPlanSet,
    problems: [404],
  }),
} as const;
