export * from "./definition.ts";
export {
  endDelivery,
  failDelivery,
  retryDelivery,
  type TakenDelivery,
  takeDelivery,
} from "./deliveries.ts";
export { nextDue, type Recurrence } from "./due.ts";
export * from "./registry.ts";
export * from "./runs.ts";
export * from "./schedules.ts";
export * from "./settings.ts";
export * from "./undelivered.ts";
export * from "./views.ts";
