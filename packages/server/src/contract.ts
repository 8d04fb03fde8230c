import type { Static, TSchema } from "typebox";
import { accountOperations } from "./contract/account.ts";
import { alarmOperations } from "./contract/alarms.ts";
import { analysisOperations } from "./contract/analysis.ts";
import { billingOperations } from "./contract/billing.ts";
import { branchOperations } from "./contract/branches.ts";
import { certificateOperations } from "./contract/certificates.ts";
import { dataExportOperations } from "./contract/data-exports.ts";
import { deviceOperations } from "./contract/devices.ts";
import { equipmentOperations } from "./contract/equipment.ts";
import { erasureOperations } from "./contract/erasures.ts";
import { exchangeOperations } from "./contract/exchanges.ts";
import { fieldImportOperations } from "./contract/field-imports.ts";
import { fieldTaskOperations } from "./contract/field-tasks.ts";
import { firstRunOperations } from "./contract/first-run.ts";
import { groupOperations } from "./contract/groups.ts";
import { jobOperations } from "./contract/jobs.ts";
import { keyOperations } from "./contract/keys.ts";
import { logOperations } from "./contract/log.ts";
import { lossOperations } from "./contract/losses.ts";
import { meterOperations } from "./contract/meters.ts";
import { modemOperations } from "./contract/modems.ts";
import { networkOperations } from "./contract/networks.ts";
import type { Operation } from "./contract/operation.ts";
import { controlRoomOperations } from "./contract/operations.ts";
import { peakOperations } from "./contract/peaks.ts";
import { peopleOperations } from "./contract/people.ts";
import { placeOperations } from "./contract/places.ts";
import { pointChangeOperations } from "./contract/point-changes.ts";
import { pointOperations } from "./contract/points.ts";
import { importOperations } from "./contract/points-imports.ts";
import { ratioOperations } from "./contract/ratios.ts";
import { readingPlanOperations } from "./contract/reading-plans.ts";
import { readingOperations } from "./contract/readings.ts";
import { reportOperations } from "./contract/reports.ts";
import { retentionOperations } from "./contract/retention.ts";
import { roleOperations } from "./contract/roles.ts";
import { seenAsOperations } from "./contract/seen-as.ts";
import { sessionOperations } from "./contract/session.ts";
import { signInOperations } from "./contract/sign-in.ts";
import { sourceOperations } from "./contract/sources.ts";
import { subscriberOperations } from "./contract/subscribers.ts";
import { systemOperations } from "./contract/system.ts";
import { tariffOperations } from "./contract/tariffs.ts";
import { validationOperations } from "./contract/validation.ts";
import { tunnelOperations } from "./contract/vpn.ts";
import { watchOperations } from "./contract/watch.ts";
import { sessionSchema } from "./schemas/accounts.ts";
import { alarmSchema } from "./schemas/alarms.ts";
import { consumptionSchema, energySeriesSchema } from "./schemas/analysis.ts";
import {
  attemptItemSchema,
  attemptSchema,
  eventItemSchema,
  liveItemSchema,
  trialResultSchema,
} from "./schemas/attempts.ts";
import { problemSchema } from "./schemas/basics.ts";
import { concentratorRowSchema, concentratorSchema } from "./schemas/equipment.ts";
import { erasureSchema } from "./schemas/erasures.ts";
import { importCheckSchema } from "./schemas/field-imports.ts";
import { fieldTaskRowSchema, fieldTaskSchema } from "./schemas/field-tasks.ts";
import { groupCurveSchema, groupEffectSchema, groupRowSchema, groupSchema } from "./schemas/groups.ts";
import { systemHealthSchema } from "./schemas/health.ts";
import { jobSchema } from "./schemas/jobs.ts";
import { logEntrySchema } from "./schemas/log.ts";
import {
  groupLossesSchema,
  lossCaseRowSchema,
  lossCaseSchema,
  lossFiguresSchema,
  lossReportSchema,
  lossSuspectsSchema,
} from "./schemas/losses.ts";
import { meterSchema, meterTypeSchema } from "./schemas/meters.ts";
import { modemSchema, simSchema } from "./schemas/modems.ts";
import { operationsSchema } from "./schemas/operations.ts";
import { grantSchema, personSchema } from "./schemas/people.ts";
import { locationSchema } from "./schemas/places.ts";
import { channelSchema, pointRowSchema, pointSchema } from "./schemas/points.ts";
import { importSchema } from "./schemas/points-imports.ts";
import { loadCurveSchema } from "./schemas/readings.ts";
import {
  reportDefinitionSchema,
  reportResultSchema,
  reportRowSchema,
  reportSchema,
  savedViewSchema,
} from "./schemas/reports.ts";
import { sourceSchema } from "./schemas/sources.ts";
import { contractSchema, subscriberSchema } from "./schemas/subscribers.ts";
import { accountSchema, multiRateSchema, tariffSchema, termsSchema } from "./schemas/tariffs.ts";
import { editSchema, findingRowSchema, findingSchema } from "./schemas/validation.ts";
import {
  channelStorySchema,
  intervalStorySchema,
  registerStorySchema,
  storyDeliverySchema,
} from "./schemas/value-story.ts";
import { watchReportSchema } from "./schemas/watch.ts";

export type { Action, Operation } from "./contract/operation.ts";

/** Schemas with a name in the API description. */
export const namedSchemas = [
  sourceSchema,
  problemSchema,
  sessionSchema,
  trialResultSchema,
  attemptSchema,
  attemptItemSchema,
  eventItemSchema,
  liveItemSchema,
  pointRowSchema,
  channelSchema,
  pointSchema,
  loadCurveSchema,
  storyDeliverySchema,
  channelStorySchema,
  intervalStorySchema,
  registerStorySchema,
  operationsSchema,
  systemHealthSchema,
  grantSchema,
  personSchema,
  logEntrySchema,
  alarmSchema,
  concentratorRowSchema,
  importCheckSchema,
  concentratorSchema,
  importSchema,
  jobSchema,
  reportDefinitionSchema,
  reportRowSchema,
  reportSchema,
  reportResultSchema,
  savedViewSchema,
  groupRowSchema,
  groupSchema,
  groupEffectSchema,
  groupCurveSchema,
  groupLossesSchema,
  lossFiguresSchema,
  lossReportSchema,
  lossSuspectsSchema,
  lossCaseSchema,
  lossCaseRowSchema,
  fieldTaskRowSchema,
  fieldTaskSchema,
  energySeriesSchema,
  consumptionSchema,
  watchReportSchema,
  contractSchema,
  subscriberSchema,
  erasureSchema,
  findingRowSchema,
  findingSchema,
  editSchema,
  meterTypeSchema,
  meterSchema,
  termsSchema,
  tariffSchema,
  multiRateSchema,
  accountSchema,
  locationSchema,
  modemSchema,
  simSchema,
].map((schema) => schema.whole);

/**
 * Every call of the API, by its operationId: one file per subject, in the order of the API description. A handler for each is
 * demanded by the type of `Handlers`.
 */
export const contract = {
  ...firstRunOperations,
  ...sessionOperations,
  ...accountOperations,
  ...signInOperations,
  ...peopleOperations,
  ...roleOperations,
  ...seenAsOperations,
  ...systemOperations,
  ...sourceOperations,
  ...controlRoomOperations,
  ...pointOperations,
  ...subscriberOperations,
  ...erasureOperations,
  ...exchangeOperations,
  ...pointChangeOperations,
  ...readingPlanOperations,
  ...branchOperations,
  ...placeOperations,
  ...meterOperations,
  ...modemOperations,
  ...ratioOperations,
  ...readingOperations,
  ...keyOperations,
  ...networkOperations,
  ...tunnelOperations,
  ...certificateOperations,
  ...dataExportOperations,
  ...deviceOperations,
  ...logOperations,
  ...lossOperations,
  ...importOperations,
  ...jobOperations,
  ...alarmOperations,
  ...peakOperations,
  ...validationOperations,
  ...equipmentOperations,
  ...groupOperations,
  ...billingOperations,
  ...retentionOperations,
  ...reportOperations,
  ...fieldImportOperations,
  ...fieldTaskOperations,
  ...analysisOperations,
  ...watchOperations,
  ...tariffOperations,
} as const satisfies Record<string, Operation>;

export type Contract = typeof contract;
export type OperationId = keyof Contract;

type Value<O, K extends string> = O extends { readonly [P in K]: infer S extends TSchema }
  ? Static<S>
  : undefined;
export type Params<Id extends OperationId> = Value<Contract[Id], "params">;
export type Query<Id extends OperationId> = Value<Contract[Id], "query">;
export type Body<Id extends OperationId> = Value<Contract[Id], "body">;
export type Answer<Id extends OperationId> = Value<Contract[Id], "answer">;
