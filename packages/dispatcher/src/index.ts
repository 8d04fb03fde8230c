export { type DispatcherOptions, type RunningDispatcher, startDispatcher } from "./dispatcher.ts";
export { DispatcherError } from "./errors.ts";
