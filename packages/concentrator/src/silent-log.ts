import { type Logger, pino } from "pino";

/** For concentrators by the thousand in one process, whose words nobody reads. */
export const silentLog = (): Logger => pino({ level: "silent" });
