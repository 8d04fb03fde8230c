export * from "./account.ts";
export * from "./assignments.ts";
export {
  listTariffChanges,
  type TariffAuthor,
  type TariffChange,
  undoTariffChange,
} from "./change.ts";
export * from "./make-account.ts";
export * from "./multi-rate.ts";
export * from "./own-registers.ts";
export * from "./tariffs.ts";
