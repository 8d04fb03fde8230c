import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type TariffTerms } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { dayOf } from "../time/zone.ts";

const quarters = 96;

/** Rate of each quarter-hour of a day profile, as places in `rates`; before the first switch the last one of the day holds. */
export function quartersOf(
  switches: readonly { readonly minute: number; readonly rate: string }[],
  rates: readonly string[],
): number[] {
  const sorted = [...switches].sort((a, b) => a.minute - b.minute);
  return Array.from({ length: quarters }, (_, quarter) => {
    const last = sorted.findLast(({ minute }) => minute <= quarter * 15) ?? sorted.at(-1);
    return last ? rates.indexOf(last.rate) : -1;
  });
}

/** When which rate holds: each day profile by quarter-hour, the weeks by season, and the days of a year that are not as their week says. */
export function CalendarPicture({ terms }: { readonly terms: TariffTerms }) {
  const { t } = useLocale();
  const { calendar } = terms;
  const { rates } = calendar;
  const weekdays = t("tariffs.weekdays").split(", ");
  const weeks = new Map(calendar.weeks.map((week) => [week.id, week.days]));
  return (
    <div className="e-stack">
      <p className="e-row e-small">
        {rates.map((rate, nth) => (
          <span key={rate} className="e-row">
            <span className="e-key" data-series={nth % 6} aria-hidden="true" /> {rate}
          </span>
        ))}
      </p>
      {calendar.dayProfiles.map(({ id, switches }) => (
        <figure key={id}>
          <figcaption className="e-small">
            {id}
            {id === calendar.holidayProfile ? ` · ${t("tariffs.holidays")}` : ""}
            <span className="e-muted">
              {" "}
              {[...switches]
                .sort((a, b) => a.minute - b.minute)
                .map(({ minute, rate }) => `${clock(minute)} ${rate}`)
                .join(", ")}
            </span>
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
                  {from} · {week}
                </th>
                {weekdays.map((day, nth) => (
                  <td key={day}>{weeks.get(week)?.[nth]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
      <YearView terms={terms} />
    </div>
  );
}

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

const height = 34;

function DayStrip({ places, label }: { readonly places: readonly number[]; readonly label: string }) {
  return (
    <svg
      viewBox={`0 0 ${quarters * 10} ${height}`}
      preserveAspectRatio="none"
      className="e-duration"
      style={{ height: "2.4rem" }}
      role="img"
      aria-label={label}
    >
      {places.map((place, quarter) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a quarter-hour is its place in the day.
          key={quarter}
          x={quarter * 10}
          width={10.5}
          height={22}
          fill={place < 0 ? "none" : `var(--e-series-${place % 6})`}
        />
      ))}
      {[0, 4, 8, 12, 16, 20].map((hour) => (
        <text key={hour} x={hour * 40} y={height}>
          {hour}
        </text>
      ))}
    </svg>
  );
}

/** Holidays and own days of a year, each with its day profile; computed where the calendar is used, so that nothing differs. */
function YearView({ terms }: { readonly terms: TariffTerms }) {
  const { t, f, zone } = useLocale();
  const [year, setYear] = useState(Number(dayOf(useNow(60_000), zone).slice(0, 4)));
  const query = useQuery({
    queryKey: ["tariffs", "year", year, terms.calendar],
    queryFn: () => api.checkTariff({ terms, year }),
  });
  const days = query.data?.days.filter(({ reason }) => reason !== "week") ?? [];
  return (
    <section className="e-stack" aria-label={t("tariffs.exceptions")}>
      <div className="e-row">
        <h3>{t("tariffs.year", { year: String(year) })}</h3>
        <Button variant="default" size="compact-sm" onClick={() => setYear(year - 1)}>
          {t("tariffs.year-before")}
        </Button>
        <Button variant="default" size="compact-sm" onClick={() => setYear(year + 1)}>
          {t("tariffs.year-after")}
        </Button>
      </div>
      {query.isPending ? <Waiting /> : null}
      {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      <ul className="e-small">
        {days.map(({ date, profile, reason }) => (
          <li key={date}>
            {f.day(date)}: {profile} ({t(reason === "holiday" ? "tariffs.is-holiday" : "tariffs.is-special")})
          </li>
        ))}
      </ul>
    </section>
  );
}
