import { PointParams } from "../schemas/basics.ts";
import {
  PointChangeBody,
  PointChanged,
  PointChangeParams,
  PointChanges,
  PointChangeUndoBody,
} from "../schemas/point-changes.ts";
import { nothing, operation } from "./operation.ts";

/** Calls about what a point is through time. */
export const pointChangeOperations = {
  listPointChanges: operation({
    method: "GET",
    url: "/points/:pointId/changes",
    action: "points.see",
    tag: "points",
    summary: "Changes of what the point is: from when, to what, who and why; the newest first",
    params: PointParams,
    answer: PointChanges,
    problems: [404],
  }),
  changePoint: operation({
    method: "POST",
    url: "/points/:pointId/changes",
    action: "points.change",
    tag: "points",
    summary: "Gives the point other attributes from an instant on; what was before stays as it was",
    params: PointParams,
    body: PointChangeBody,
    status: 201,
    answer: PointChanged,
    problems: [404, 409],
  }),
  removePoint: operation({
    method: "POST",
    url: "/points/:pointId/removal",
    action: "points.change",
    tag: "points",
    summary: "Takes away a point at which nothing was read and on which nothing hangs; its location stays",
    params: PointParams,
    body: PointChangeUndoBody,
    status: 204,
    answer: nothing,
    problems: [404, 409],
  }),
  undoPointChange: operation({
    method: "POST",
    url: "/point-changes/:pointChangeId/undo",
    action: "points.change",
    tag: "points",
    summary: "Takes a change of a point back, until a later one builds on it",
    params: PointChangeParams,
    body: PointChangeUndoBody,
    status: 201,
    answer: PointChanged,
    problems: [404, 409],
  }),
} as const;
