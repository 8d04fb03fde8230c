export { formats } from "../exports/formats.ts";
export { limits } from "../limits.ts";
export { watchReports } from "../schemas/watch.ts";
export { readWatchReport } from "./read-report.ts";
export { tableOf } from "./report.ts";
