import { AttemptParams, attemptSchema } from "../schemas/attempts.ts";
import { Accepted, AttemptQueued } from "../schemas/basics.ts";
import { DeviceAdded, NewDevice, TrialRequest } from "../schemas/devices.ts";
import { operation } from "./operation.ts";

/** Calls about adding devices, and attempts to read them. */
export const deviceOperations = {
  getAttempt: operation({
    method: "GET",
    url: "/attempts/:attemptId",
    action: "points.see",
    tag: "attempts",
    summary: "One attempt with its stages",
    params: AttemptParams,
    answer: attemptSchema.reference,
    problems: [404],
  }),
  cancelAttempt: operation({
    method: "DELETE",
    url: "/attempts/:attemptId",
    action: "points.command",
    tag: "attempts",
    summary: "Asks to cancel an attempt",
    params: AttemptParams,
    status: 202,
    answer: Accepted,
    problems: [404, 409],
  }),
  createTrial: operation({
    method: "POST",
    url: "/devices/trials",
    action: "devices.change",
    tag: "devices",
    summary: "Tries a device by its URL: the attempt's result says what answered",
    body: TrialRequest,
    status: 202,
    answer: AttemptQueued,
  }),
  createDevice: operation({
    method: "POST",
    url: "/devices",
    action: "devices.change",
    tag: "devices",
    summary: "Adds a device with its meter and point and queues the first read",
    body: NewDevice,
    status: 201,
    answer: DeviceAdded,
    problems: [409],
  }),
} as const;
