export { acceptFinding } from "./decisions.ts";
export { type DryRunCount, type DryRunOutcome, type DryRunRequest, dryRunValidation } from "./dry-run.ts";
export {
  decideEdit,
  type EditContext,
  type EditReason,
  type EditRequest,
  type EditState,
  editReasons,
  editValues,
  listEdits,
  undoEdit,
  type ValueEdit,
} from "./edits.ts";
export {
  countFindings,
  type FindingFilter,
  type FindingRowOfList,
  type FindingState,
  listFindings,
  readFindings,
  type StoredFinding,
} from "./findings.ts";
export { queueDays, queueIncompleteDays } from "./queue.ts";
export { type DatedRuleSetting, listRuleSettings, type NewRuleSetting, setRule } from "./rule-settings.ts";
export { type ValidationContext, type ValidationOutcome, validateChanged } from "./validate-changed.ts";
export { BackgroundValidator, type ValidatorOptions } from "./validator.ts";
