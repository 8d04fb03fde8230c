import { NativeSelect, TextInput } from "@mantine/core";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { newKey, type Season, type SpecialDay, type Week } from "./draft.ts";
import { useFaultAt } from "./faults.ts";
import {
  AddButton,
  changed,
  Fault,
  KeySelect,
  type PartProps,
  RemoveButton,
  without,
} from "./field-parts.tsx";

/** Seasons with their first day and week, and which day type each weekday of a week has. */
export function SeasonFields({ draft, change }: PartProps) {
  const { t } = useLocale();
  const faultAt = useFaultAt();
  const { seasons, weeks, dayTypes } = draft;
  const weekdays = t("tariffs.weekdays").split(", ");
  const setSeason = (key: string, next: Partial<Season>) => change({ seasons: changed(seasons, key, next) });
  const setWeek = (key: string, next: Partial<Week>) => change({ weeks: changed(weeks, key, next) });
  return (
    <fieldset className="e-fieldset e-stack">
      <legend>{t("tariffs.seasons")}</legend>
      <Fault at="/calendar/seasons" />
      {seasons.map((season, nth) => (
        <div key={season.key} className="e-row">
          <YearDay
            value={season.from}
            error={faultAt(`/calendar/seasons/${nth}/from`)}
            onChange={(from) => setSeason(season.key, { from })}
          />
          <KeySelect
            label={t("tariffs.week")}
            list={weeks}
            value={season.week}
            error={faultAt(`/calendar/seasons/${nth}/week`)}
            onChange={(week) => setSeason(season.key, { week })}
          />
          <RemoveButton
            what={t("tariffs.season")}
            onClick={() => change({ seasons: without(seasons, season.key) })}
          />
        </div>
      ))}
      <AddButton
        label={t("tariffs.add-season")}
        onClick={() =>
          change({ seasons: [...seasons, { key: newKey(), from: "04-01", week: weeks[0]?.key ?? "" }] })
        }
      />
      <h3>{t("tariffs.weeks")}</h3>
      <Scrolled label={t("tariffs.weeks")}>
        <table className="e-list-table">
          <thead>
            <tr>
              <th scope="col">{t("tariffs.week")}</th>
              {weekdays.map((weekday) => (
                <th key={weekday} scope="col">
                  {weekday}
                </th>
              ))}
              <th scope="col" />
            </tr>
          </thead>
          <tbody>
            {weeks.map((week, nth) => (
              <tr key={week.key}>
                <td>
                  <TextInput
                    size="xs"
                    miw={110}
                    aria-label={t("tariffs.week")}
                    error={faultAt(`/calendar/weeks/${nth}/id`) ?? faultAt(`/calendar/weeks/${nth}/days`)}
                    value={week.name}
                    maxLength={60}
                    onChange={(event) => setWeek(week.key, { name: event.currentTarget.value })}
                  />
                </td>
                {weekdays.map((weekday, place) => (
                  <td key={weekday} style={{ minWidth: 120 }}>
                    <KeySelect
                      label={`${week.name}, ${weekday}`}
                      list={dayTypes}
                      value={week.days[place] ?? ""}
                      error={faultAt(`/calendar/weeks/${nth}/days/${place}`)}
                      onChange={(day) =>
                        setWeek(week.key, {
                          days: weekdays.map((_, at) => (at === place ? day : (week.days[at] ?? ""))),
                        })
                      }
                    />
                  </td>
                ))}
                <td>
                  <RemoveButton
                    what={week.name}
                    onClick={() => change({ weeks: without(weeks, week.key) })}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
      <AddButton
        label={t("tariffs.add-week")}
        onClick={() =>
          change({
            weeks: [...weeks, { key: newKey(), name: "", days: weekdays.map(() => dayTypes[0]?.key ?? "") }],
          })
        }
      />
    </fieldset>
  );
}

const months = Array.from({ length: 12 }, (_, nth) => String(nth + 1).padStart(2, "0"));

/** A day of every year, without a year in it. */
function YearDay(props: {
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}) {
  const { t, language } = useLocale();
  const [month = "", day = ""] = props.value.split("-");
  const name = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" });
  return (
    <span className="e-row">
      <TextInput
        size="xs"
        w={64}
        inputMode="numeric"
        maxLength={2}
        aria-label={t("tariffs.day-of-month")}
        error={props.error}
        value={day}
        onChange={(event) => props.onChange(`${month}-${event.currentTarget.value}`)}
      />
      <NativeSelect
        size="xs"
        aria-label={t("tariffs.month")}
        value={month}
        onChange={(event) => props.onChange(`${event.currentTarget.value}-${day}`)}
        data={months.map((value) => ({
          value,
          label: name.format(new Date(`2024-${value}-01T00:00:00Z`)),
        }))}
      />
    </span>
  );
}

/** Which day type public holidays are, and days that are otherwise than their week or the holidays say. */
export function HolidayFields({
  draft,
  change,
  holidays,
}: PartProps & {
  /** Dates of the public holidays of the year that is shown. */
  readonly holidays: readonly string[];
}) {
  const { t, f } = useLocale();
  const faultAt = useFaultAt();
  const { specialDays, dayTypes } = draft;
  const setDay = (key: string, next: Partial<SpecialDay>) =>
    change({ specialDays: changed(specialDays, key, next) });
  const usual = draft.holidays || (dayTypes[0]?.key ?? "");
  return (
    <fieldset className="e-fieldset e-stack">
      <legend>{t("tariffs.holidays-and-own")}</legend>
      <NativeSelect
        label={t("tariffs.holidays")}
        description={t("tariffs.holidays-help")}
        error={faultAt("/calendar/holidayProfile")}
        value={draft.holidays}
        onChange={(event) => change({ holidays: event.currentTarget.value })}
        data={[
          { value: "", label: t("tariffs.holidays-none") },
          ...dayTypes.map(({ key, name }) => ({ value: key, label: name })),
        ]}
      />
      {specialDays.map((special, nth) => (
        <div key={special.key} className="e-row">
          <NativeSelect
            size="xs"
            aria-label={t("tariffs.own-day")}
            value={special.yearly ? "yearly" : "date"}
            onChange={(event) =>
              setDay(
                special.key,
                event.currentTarget.value === "yearly"
                  ? { yearly: true, on: special.on.slice(5) || "01-01" }
                  : { yearly: false, on: "" },
              )
            }
            data={[
              { value: "yearly", label: t("tariffs.every-year") },
              { value: "date", label: t("tariffs.one-date") },
            ]}
          />
          {special.yearly ? (
            <YearDay
              value={special.on}
              error={faultAt(`/calendar/specialDays/${nth}/on`)}
              onChange={(on) => setDay(special.key, { on })}
            />
          ) : (
            <TextInput
              size="xs"
              type="date"
              aria-label={t("tariffs.one-date")}
              error={faultAt(`/calendar/specialDays/${nth}/on`)}
              value={special.on}
              onChange={(event) => setDay(special.key, { on: event.currentTarget.value })}
            />
          )}
          <KeySelect
            label={t("tariffs.day-type")}
            list={dayTypes}
            value={special.day}
            error={faultAt(`/calendar/specialDays/${nth}/day`)}
            onChange={(day) => setDay(special.key, { day })}
          />
          <RemoveButton
            what={t("tariffs.own-day")}
            onClick={() => change({ specialDays: without(specialDays, special.key) })}
          />
        </div>
      ))}
      <div className="e-row">
        <AddButton
          label={t("tariffs.add-own-day")}
          onClick={() =>
            change({
              specialDays: [...specialDays, { key: newKey(), yearly: false, on: "", day: usual }],
            })
          }
        />
        {holidays.length > 0 ? (
          <NativeSelect
            size="xs"
            aria-label={t("tariffs.add-holiday")}
            value=""
            onChange={(event) => {
              const on = event.currentTarget.value;
              change({ specialDays: [...specialDays, { key: newKey(), yearly: false, on, day: usual }] });
            }}
            data={[
              { value: "", label: t("tariffs.add-holiday") },
              ...holidays
                .filter((date) => specialDays.every(({ on }) => on !== date))
                .map((date) => ({ value: date, label: f.day(date) })),
            ]}
          />
        ) : null}
      </div>
    </fieldset>
  );
}
