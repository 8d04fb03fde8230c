import { originOf } from "../audit/acting.ts";
import type { Database } from "../database.ts";
import { ResultCache } from "./result-cache.ts";
import type { QueryContext } from "./series.ts";

/** Bytes of results that a process remembers: 70 years of quarter-hours, about. */
const rememberedBytesMax = 64 << 20;
const caches = new WeakMap<Database, ResultCache>();

/** How a process reads: everybody's results are remembered together, whoever the database acts for. */
export function queryContext(db: Database): QueryContext {
  const origin = originOf(db);
  let cache = caches.get(origin);
  if (!cache) {
    cache = new ResultCache(rememberedBytesMax);
    caches.set(origin, cache);
  }
  return { db, cache };
}
