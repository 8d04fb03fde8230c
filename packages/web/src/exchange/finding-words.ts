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
    value: finding.value === null ? "" : f.decimal(finding.value),
    unit: finding.unit ?? "",
    at: finding.at === null ? "" : f.instant(Date.parse(finding.at)),
  });
}

/** A doubt as the server names it. */
export const doubtName = ({ word, obis }: Finding): string => (obis === null ? word : `${word} ${obis}`);
