import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import type { TariffCheck, TariffTerms } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { useLocale } from "../text/provider.tsx";
import type { Formats } from "../time/format.ts";
import { dayOf } from "../time/zone.ts";
import { colourOf, DayStrip, hoursInWords, Keys, quartersOf } from "./day-strip.tsx";

const cell = 18;
const left = 40;
const top = 18;
const [monthsOfYear, daysOfMonth] = [12, 31];

/** A day of every year, in words; in a leap year each of them is there. */
export const seasonStart = (f: Pick<Formats, "dayShort">, from: string): string => f.dayShort(`2024-${from}`);

type YearDay = TariffCheck["days"][number];

/** A year as a picture, month by month, each day in the colour of its type or season; the hours of the day that is chosen; and the days that are not as their week says. */
export function YearPicture(props: {
  readonly terms: TariffTerms;
  readonly check: TariffCheck;
  readonly year: number;
  readonly onYear: (year: number) => void;
}) {
  const { t, f, language, zone } = useLocale();
  const today = dayOf(useNow(60_000), zone);
  const { terms, check, year, onYear } = props;
  const [by, setBy] = useState<"type" | "season">("type");
  const [chosen, setChosen] = useState("");
  const { calendar } = terms;
  const { days } = check;
  const types = calendar.dayProfiles.map(({ id }) => id);
  // Of the answer, not of the form: what is being typed there may be no day yet.
  const starts = [...new Set(days.map(({ season }) => season))].sort();
  const day = days.find(({ date }) => date === (chosen || today)) ?? days[0];
  const placeOf = ({ profile, season }: YearDay) =>
    by === "type" ? types.indexOf(profile) : starts.indexOf(season);
  const count = (place: number) => days.filter((one) => placeOf(one) === place).length;
  const seasonName = (from: string) => t("tariffs.season-from", { day: seasonStart(f, from) });
  const names = (by === "type" ? types : starts.map(seasonName)).map((name, place) =>
    t("tariffs.days-of", { name, count: count(place) }),
  );
  const monthName = new Intl.DateTimeFormat(language, { month: "short", timeZone: "UTC" });
  const apart = days.filter(({ reason }) => reason !== "week");
  const profile = calendar.dayProfiles.find(({ id }) => id === day?.profile);
  return (
    <section className="e-stack" aria-label={t("tariffs.year", { year: String(year) })}>
      <div className="e-row">
        <Button variant="default" size="compact-sm" onClick={() => onYear(year - 1)}>
          {t("tariffs.year-before")}
        </Button>
        <h3>{t("tariffs.year", { year: String(year) })}</h3>
        <Button variant="default" size="compact-sm" onClick={() => onYear(year + 1)}>
          {t("tariffs.year-after")}
        </Button>
        <SegmentedControl
          size="xs"
          aria-label={t("tariffs.coloured-by")}
          value={by}
          onChange={(value) => setBy(value as typeof by)}
          data={[
            { value: "type", label: t("tariffs.day-types") },
            { value: "season", label: t("tariffs.seasons") },
          ]}
        />
      </div>
      {day === undefined ? (
        <p className="e-muted">{t("tariffs.no-year")}</p>
      ) : (
        <>
          <Keys names={names} />
          <svg
            viewBox={`0 0 ${left + daysOfMonth * cell} ${top + monthsOfYear * cell}`}
            className="e-duration e-year"
            role="img"
            aria-label={t("tariffs.year-picture", { year: String(year), days: names.join("; ") })}
          >
            {Array.from({ length: daysOfMonth }, (_, nth) => nth + 1)
              .filter((nth) => nth === 1 || nth % 5 === 0)
              .map((nth) => (
                <text key={nth} x={left + (nth - 1) * cell + 2} y={top - 5}>
                  {nth}
                </text>
              ))}
            {Array.from({ length: monthsOfYear }, (_, month) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a month is its place in the year.
              <text key={month} x={0} y={top + month * cell + 13}>
                {monthName.format(Date.UTC(year, month, 1))}
              </text>
            ))}
            {days.map((one) => (
              // biome-ignore lint/a11y/noStaticElementInteractions: the picture is one image; the field below chooses a day by keyboard.
              <g key={one.date} onClick={() => setChosen(one.date)} data-chosen={one === day || undefined}>
                <rect
                  x={left + (Number(one.date.slice(8)) - 1) * cell}
                  y={top + (Number(one.date.slice(5, 7)) - 1) * cell}
                  width={cell - 1}
                  height={cell - 1}
                  fill={colourOf(placeOf(one))}
                />
                {one.reason === "week" ? null : (
                  <circle
                    cx={left + (Number(one.date.slice(8)) - 0.5) * cell}
                    cy={top + (Number(one.date.slice(5, 7)) - 0.5) * cell}
                    r={3}
                  />
                )}
              </g>
            ))}
          </svg>
          <p className="e-muted e-small">● {t("tariffs.exceptions")}</p>
          <div className="e-row">
            <TextInput
              type="date"
              size="xs"
              aria-label={t("tariffs.day-shown")}
              min={`${year}-01-01`}
              max={`${year}-12-31`}
              value={day.date}
              onChange={(event) => setChosen(event.currentTarget.value)}
            />
            <span aria-live="polite">
              {f.weekday(day.date)} {f.day(day.date)}: <strong>{day.profile}</strong>
              {day.reason === "week"
                ? ""
                : ` (${t(day.reason === "holiday" ? "tariffs.is-holiday" : "tariffs.is-special")})`}
              {profile ? <span className="e-muted"> · {hoursInWords(profile.switches)}</span> : null}
            </span>
          </div>
          {profile ? (
            <>
              <DayStrip
                label={t("tariffs.calendar-picture", { profile: profile.id })}
                places={quartersOf(profile.switches, calendar.rates)}
              />
              <Keys names={calendar.rates} />
            </>
          ) : null}
          <details>
            <summary>
              {t("tariffs.exceptions")}: {f.number(apart.length)}
            </summary>
            <ul className="e-small">
              {apart.map(({ date, profile, reason }) => (
                <li key={date}>
                  {f.day(date)}: {profile} (
                  {t(reason === "holiday" ? "tariffs.is-holiday" : "tariffs.is-special")})
                </li>
              ))}
            </ul>
          </details>
        </>
      )}
    </section>
  );
}
