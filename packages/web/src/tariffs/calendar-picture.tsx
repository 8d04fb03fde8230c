import { useState } from "react";
import type { TariffTerms } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { dayOf } from "../time/zone.ts";
import { useTariffCheck } from "./check.ts";
import { DayStrip, hoursInWords, Keys, quartersOf } from "./day-strip.tsx";
import { seasonStart, YearPicture } from "./year-picture.tsx";

/** When which rate holds: each day profile by quarter-hour, the weeks by season, and a year day by day. */
export function CalendarPicture({ terms }: { readonly terms: TariffTerms }) {
  const { t, f, zone } = useLocale();
  const [year, setYear] = useState(Number(dayOf(useNow(60_000), zone).slice(0, 4)));
  const check = useTariffCheck(terms, year);
  const { calendar } = terms;
  const { rates } = calendar;
  const weekdays = t("tariffs.weekdays").split(", ");
  const weeks = new Map(calendar.weeks.map((week) => [week.id, week.days]));
  return (
    <div className="e-stack">
      <Keys names={rates} />
      {calendar.dayProfiles.map(({ id, switches }) => (
        <figure key={id}>
          <figcaption className="e-small">
            {id}
            {id === calendar.holidayProfile ? ` · ${t("tariffs.holidays")}` : ""}
            <span className="e-muted"> {hoursInWords(switches)}</span>
          </figcaption>
          <DayStrip
            label={t("tariffs.calendar-picture", { profile: id })}
            places={quartersOf(switches, rates)}
          />
        </figure>
      ))}
      <Scrolled label={t("tariffs.calendar")}>
        <table className="e-list-table">
          <thead>
            <tr>
              <th scope="col">{t("tariffs.from")}</th>
              {weekdays.map((day) => (
                <th key={day} scope="col">
                  {day}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {calendar.seasons.map(({ from, week }) => (
              <tr key={from}>
                <th scope="row" className="e-nowrap">
                  {seasonStart(f, from)} · {week}
                </th>
                {weekdays.map((day, nth) => (
                  <td key={day}>{weeks.get(week)?.[nth]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
      {check.isPending ? <Waiting /> : null}
      {check.isError ? <ProblemNotice error={check.error} onRetry={() => void check.refetch()} /> : null}
      {check.data ? <YearPicture terms={terms} check={check.data} year={year} onYear={setYear} /> : null}
    </div>
  );
}
