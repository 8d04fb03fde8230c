import type { WatchReportName } from "../schemas/watch.ts";
import { acquisition, communication } from "./communication.ts";
import { continuity } from "./continuity.ts";
import { systemEvents } from "./events.ts";
import type { WatchKind } from "./kind.ts";
import { powerQuality } from "./power-quality.ts";

/** Every report that watches. */
export const watchKinds: Readonly<Record<WatchReportName, WatchKind>> = {
  "power-quality": { title: "powerQuality", read: powerQuality },
  events: { title: "systemEvents", read: systemEvents },
  communication: { title: "communication", read: communication },
  acquisition: { title: "acquisition", read: acquisition },
  continuity: { title: "continuity", read: continuity },
};
