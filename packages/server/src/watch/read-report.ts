import { needSubjects, periodOf } from "../analysis/asked.ts";
import type { WatchReport, WatchReportName } from "../schemas/watch.ts";
import type { Watching } from "./kind.ts";
import { watchKinds } from "./kinds.ts";
import { watchWord } from "./words.ts";

/** A report that watches, of the subject and days of its query. @throws Problem `input.invalid`, `….not-found` */
export async function readWatchReport(
  report: WatchReportName,
  { services, scope, query, language, whole }: Omit<Watching, "counted" | "period">,
): Promise<WatchReport> {
  const period = periodOf(query, services);
  const [subject] = await needSubjects(services, scope, [query.of], period);
  const { counted, name } = subject!;
  const kind = watchKinds[report];
  const { facts, parts } = await kind.read({ services, scope, counted, period, query, language, whole });
  const said = (label: string, value: string) => ({ label, value });
  const last = Temporal.PlainDate.from(query.to).subtract({ days: 1 }).toString();
  return {
    name: `${report}-${query.from}-${query.to}`,
    title: watchWord(kind.title, language),
    zone: services.zone,
    facts: [
      said(
        watchWord("subject", language),
        [name.name || watchWord("wholeSystem", language), name.detail]
          .filter((part) => part !== "")
          .join(" · "),
      ),
      said(watchWord("period", language), `${query.from} – ${last}`),
      said(watchWord("zone", language), services.zone),
      ...facts.map(([label, value]) => said(label, value)),
    ],
    parts,
  };
}
