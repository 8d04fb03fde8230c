import type { WatchReportName } from "../schemas/watch.ts";
import { continuity } from "./continuity.ts";
import type { WatchKind } from "./kind.ts";
import { powerQuality } from "./power-quality.ts";

/** Every report that watches. */
export const watchKinds: Readonly<Record<WatchReportName, WatchKind>> = {
  "power-quality": { title: "powerQuality", read: powerQuality },
  continuity: { title: "continuity", read: continuity },
};
