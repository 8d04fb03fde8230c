import type { ExchangeCheck } from "../api/client.ts";
import { obisSymbol } from "../parts/obis.ts";
import type { useLocale } from "../text/provider.tsx";

type Finding = ExchangeCheck["findings"][number];

/** What is wrong or doubtful, as a sentence. */
export function findingWords(
  { t, f }: Pick<ReturnType<typeof useLocale>, "t" | "f">,
  finding: Finding,
): string {
  return t(`exchange.word-${finding.word}`, {
    register: finding.obis === null ? "" : obisSymbol(finding.obis),
    value: valueText(f, finding),
    unit: finding.unit ?? "",
    at: finding.at === null ? "" : f.instant(Date.parse(finding.at)),
  });
}

function valueText(f: ReturnType<typeof useLocale>["f"], { word, value }: Finding): string {
  if (value === null) return "";
  return word === "verification-over" || word === "month-closed" ? f.day(value) : f.decimal(value);
}

/** A doubt as the server names it. */
export const doubtName = ({ word, obis }: Finding): string => (obis === null ? word : `${word} ${obis}`);
