import { catalogue, type MessageKey } from "../text/catalogue.ts";
import type { Translate } from "../text/provider.tsx";

/** From looking to letting others act. */
export const levels = ["see", "change", "command", "approve"] as const;

/** A page of the rights' catalogue in words; one that this application does not know yet by its name. */
export function pageWords(t: Translate, page: string): string {
  const key = `page.${page}`;
  return key in catalogue ? t(key as MessageKey) : page;
}

export function levelWords(t: Translate, level: string): string {
  const key = `level.${level}`;
  return key in catalogue ? t(key as MessageKey) : level;
}

/** `points.see` → "Points of measure – see". */
export function rightWords(t: Translate, right: string): string {
  const dot = right.lastIndexOf(".");
  return `${pageWords(t, right.slice(0, dot))} – ${levelWords(t, right.slice(dot + 1))}`;
}
