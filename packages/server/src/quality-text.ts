import { quality } from "@energsys/metering";
import type { Language } from "@energsys/store";
import { word } from "./words.ts";

/** Names of the quality bits that are set, as docs/api.md has them. */
export const qualityText = (code: number, language: Language): string =>
  code === 0
    ? word("good", language)
    : Object.entries(quality)
        .filter(([, bit]) => (code & bit) !== 0)
        .map(([name]) => name)
        .join(" ");
