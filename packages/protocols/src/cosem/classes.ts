import { account } from "./classes/account.ts";
import { activityCalendar } from "./classes/activity-calendar.ts";
import { arbitrator } from "./classes/arbitrator.ts";
import { arrayManager } from "./classes/array-manager.ts";
import { associationLn } from "./classes/association-ln.ts";
import { associationSn } from "./classes/association-sn.ts";
import { autoAnswer } from "./classes/auto-answer.ts";
import { autoConnect } from "./classes/auto-connect.ts";
import { charge } from "./classes/charge.ts";
import { clock } from "./classes/clock.ts";
import { coapDiagnostic } from "./classes/coap-diagnostic.ts";
import { coapSetup } from "./classes/coap-setup.ts";
import { communicationPortProtection } from "./classes/communication-port-protection.ts";
import { compactData } from "./classes/compact-data.ts";
import { credit } from "./classes/credit.ts";
import { data } from "./classes/data.ts";
import { dataProtection } from "./classes/data-protection.ts";
import { demandRegister } from "./classes/demand-register.ts";
import { disconnectControl } from "./classes/disconnect-control.ts";
import { extendedRegister } from "./classes/extended-register.ts";
import { functionControl } from "./classes/function-control.ts";
import { g36lowpanSetup } from "./classes/g3-6lowpan-setup.ts";
import { g3MacCounters } from "./classes/g3-mac-counters.ts";
import { g3MacSetup } from "./classes/g3-mac-setup.ts";
import { gprsModemSetup } from "./classes/gprs-modem-setup.ts";
import { gsmDiagnostic } from "./classes/gsm-diagnostic.ts";
import { iecHdlcSetup } from "./classes/iec-hdlc-setup.ts";
import { iecLocalPortSetup } from "./classes/iec-local-port-setup.ts";
import { iecTwistedPairSetup } from "./classes/iec-twisted-pair-setup.ts";
import { imageTransfer } from "./classes/image-transfer.ts";
import { ipv4Setup } from "./classes/ipv4-setup.ts";
import { ipv6Setup } from "./classes/ipv6-setup.ts";
import { limiter } from "./classes/limiter.ts";
import { llcType1Setup } from "./classes/llc-type1-setup.ts";
import { llcType2Setup } from "./classes/llc-type2-setup.ts";
import { llcType3Setup } from "./classes/llc-type3-setup.ts";
import { lteMonitoring } from "./classes/lte-monitoring.ts";
import { macAddressSetup } from "./classes/mac-address-setup.ts";
import { mbusClient } from "./classes/mbus-client.ts";
import { mbusDiagnostic } from "./classes/mbus-diagnostic.ts";
import { mbusMasterPortSetup } from "./classes/mbus-master-port-setup.ts";
import { mbusPortSetup } from "./classes/mbus-port-setup.ts";
import { mbusSlavePortSetup } from "./classes/mbus-slave-port-setup.ts";
import { modemConfiguration } from "./classes/modem-configuration.ts";
import { ntpSetup } from "./classes/ntp-setup.ts";
import { parameterMonitor } from "./classes/parameter-monitor.ts";
import { pppSetup } from "./classes/ppp-setup.ts";
import { primeApplicationIdentification } from "./classes/prime-application-identification.ts";
import { primeLlcSscsSetup } from "./classes/prime-llc-sscs-setup.ts";
import { primeMacCounters } from "./classes/prime-mac-counters.ts";
import { primeMacFunctionalParameters } from "./classes/prime-mac-functional-parameters.ts";
import { primeMacSetup } from "./classes/prime-mac-setup.ts";
import { primeNetworkAdministration } from "./classes/prime-network-administration.ts";
import { primePhysicalCounters } from "./classes/prime-physical-counters.ts";
import { profileGeneric } from "./classes/profile-generic.ts";
import { pushSetup } from "./classes/push-setup.ts";
import { register } from "./classes/register.ts";
import { registerActivation } from "./classes/register-activation.ts";
import { registerMonitor } from "./classes/register-monitor.ts";
import { registerTable } from "./classes/register-table.ts";
import { sapAssignment } from "./classes/sap-assignment.ts";
import { schedule } from "./classes/schedule.ts";
import { scriptTable } from "./classes/script-table.ts";
import { securitySetup } from "./classes/security-setup.ts";
import { sfskActiveInitiator } from "./classes/sfsk-active-initiator.ts";
import { sfskMacCounters } from "./classes/sfsk-mac-counters.ts";
import { sfskMacSynchronizationTimeouts } from "./classes/sfsk-mac-synchronization-timeouts.ts";
import { sfskPhyMacSetup } from "./classes/sfsk-phy-mac-setup.ts";
import { sfskReportingSystemList } from "./classes/sfsk-reporting-system-list.ts";
import { singleActionSchedule } from "./classes/single-action-schedule.ts";
import { smtpSetup } from "./classes/smtp-setup.ts";
import { specialDays } from "./classes/special-days.ts";
import { statusMapping } from "./classes/status-mapping.ts";
import { stsAttributes } from "./classes/sts-attributes.ts";
import { tcpUdpSetup } from "./classes/tcp-udp-setup.ts";
import { tokenGateway } from "./classes/token-gateway.ts";
import { utilityTables } from "./classes/utility-tables.ts";
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
  schedule,
  specialDays,
  associationSn,
  associationLn,
  sapAssignment,
  imageTransfer,
  iecLocalPortSetup,
  activityCalendar,
  registerMonitor,
  singleActionSchedule,
  iecHdlcSetup,
  iecTwistedPairSetup,
  mbusSlavePortSetup,
  utilityTables,
  modemConfiguration,
  autoAnswer,
  autoConnect,
  dataProtection,
  pushSetup,
  tcpUdpSetup,
  ipv4Setup,
  macAddressSetup,
  pppSetup,
  gprsModemSetup,
  smtpSetup,
  gsmDiagnostic,
  ipv6Setup,
  sfskPhyMacSetup,
  sfskActiveInitiator,
  sfskMacSynchronizationTimeouts,
  sfskMacCounters,
  sfskReportingSystemList,
  llcType1Setup,
  llcType2Setup,
  llcType3Setup,
  registerTable,
  compactData,
  statusMapping,
  securitySetup,
  parameterMonitor,
  arbitrator,
  disconnectControl,
  limiter,
  mbusClient,
  mbusMasterPortSetup,
  mbusPortSetup,
  mbusDiagnostic,
  primeLlcSscsSetup,
  primePhysicalCounters,
  primeMacSetup,
  primeMacFunctionalParameters,
  primeMacCounters,
  primeNetworkAdministration,
  primeApplicationIdentification,
  g3MacCounters,
  g3MacSetup,
  g36lowpanSetup,
  ntpSetup,
  account,
  credit,
  charge,
  tokenGateway,
  stsAttributes,
  functionControl,
  arrayManager,
  communicationPortProtection,
  lteMonitoring,
  coapSetup,
  coapDiagnostic,
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
