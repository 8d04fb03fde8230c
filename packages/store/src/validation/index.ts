export { acceptLike, type BulkPreview, bulkMax, type LikeFindings, previewAcceptance } from "./bulk.ts";
export {
  type Acceptance,
  acceptFinding,
  assignFinding,
  type FindingDecision,
  listFindingDecisions,
  reopenFinding,
} from "./decisions.ts";
export {
  type DryRunCount,
  type DryRunOutcome,
  type DryRunRequest,
  type DryRunWatch,
  dryRunValidation,
} from "./dry-run.ts";
export { type EditPlace, readEditPlaces } from "./edit-places.ts";
export {
  decideEdit,
  type EditContext,
  type EditKind,
  type EditReason,
  type EditRequest,
  type EditState,
  editKinds,
  editReasons,
  editStates,
  editValues,
  findEdit,
  listEdits,
  undoEdit,
  type ValueEdit,
} from "./edits.ts";
export {
  chosenEstimate,
  type FindingDetail,
  type MethodEstimate,
  type RegisterDifference,
  readFindingDetail,
} from "./finding-detail.ts";
export { type FindingState, findingStates, readFindings, type StoredFinding } from "./findings.ts";
export { countFindings, type FindingFilter, type FindingRowOfList, listFindings } from "./list-findings.ts";
export {
  readValidationPolicy,
  storeValidationPolicy,
  usualValidationPolicy,
  type ValidationPolicy,
} from "./policy.ts";
export { type MonthQuality, readMonthQuality } from "./quality.ts";
export { queueDays, queueIncompleteDays } from "./queue.ts";
export { type DatedRuleSetting, listRuleSettings, type NewRuleSetting, setRule } from "./rule-settings.ts";
export {
  type ValidationContext,
  type ValidationOutcome,
  validateChanged,
  validateNow,
} from "./validate-changed.ts";
export { BackgroundValidator, type ValidatorOptions } from "./validator.ts";
