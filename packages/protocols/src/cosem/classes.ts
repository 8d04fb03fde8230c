import { activityCalendar } from "./classes/activity-calendar.ts";
import { associationLn } from "./classes/association-ln.ts";
import { clock } from "./classes/clock.ts";
import { data } from "./classes/data.ts";
import { demandRegister } from "./classes/demand-register.ts";
import { disconnectControl } from "./classes/disconnect-control.ts";
import { extendedRegister } from "./classes/extended-register.ts";
import { iecHdlcSetup } from "./classes/iec-hdlc-setup.ts";
import { imageTransfer } from "./classes/image-transfer.ts";
import { limiter } from "./classes/limiter.ts";
import { profileGeneric } from "./classes/profile-generic.ts";
import { pushSetup } from "./classes/push-setup.ts";
import { register } from "./classes/register.ts";
import { registerActivation } from "./classes/register-activation.ts";
import { sapAssignment } from "./classes/sap-assignment.ts";
import { scriptTable } from "./classes/script-table.ts";
import { securitySetup } from "./classes/security-setup.ts";
import { tcpUdpSetup } from "./classes/tcp-udp-setup.ts";
import type { CosemClass } from "./cosem-class.ts";

/** Every interface class with names of its own, by class id (IEC 62056-6-2). A class that is not here is read by numbers. */
export const cosemClasses = [
  data,
  register,
  extendedRegister,
  demandRegister,
  registerActivation,
  profileGeneric,
  clock,
  scriptTable,
  associationLn,
  sapAssignment,
  imageTransfer,
  activityCalendar,
  iecHdlcSetup,
  pushSetup,
  tcpUdpSetup,
  securitySetup,
  disconnectControl,
  limiter,
] as const satisfies readonly CosemClass[];

const byId = new Map<number, CosemClass>(cosemClasses.map((entry) => [entry.id, entry]));

export function findCosemClass(classId: number): CosemClass | undefined {
  return byId.get(classId);
}

/** The standard's name of an attribute, or `attribute-<n>`. */
export function attributeName(classId: number, attribute: number): string {
  return findCosemClass(classId)?.attributes[attribute - 1] ?? `attribute-${attribute}`;
}

export function methodName(classId: number, method: number): string {
  return findCosemClass(classId)?.methods[method - 1] ?? `method-${method}`;
}

/** The attribute that carries scaler and unit for the values of an object, where the class has one. */
export function scalerAttribute(classId: number): number | undefined {
  const index = findCosemClass(classId)?.attributes.indexOf("scaler_unit") ?? -1;
  return index < 0 ? undefined : index + 1;
}
