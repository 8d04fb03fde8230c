import { SegmentedControl } from "@mantine/core";
import { useShortcuts } from "../shell/shortcuts.ts";
import { useLocale } from "../text/provider.tsx";
import {
  type Period,
  type Preset,
  periodAround,
  presetOf,
  presets,
  soundPeriod,
  stepPeriod,
} from "../time/period.ts";
import { addDays, type Day } from "../time/zone.ts";

/** Which days are shown: calendar presets, steps back and forth, or any two days. */
export function PeriodPicker(props: {
  readonly period: Period;
  readonly today: Day;
  /** Set while the period rolls with today. */
  readonly last?: number | undefined;
  readonly onChange: (period: Period) => void;
}) {
  const { t, f } = useLocale();
  const { period, onChange } = props;
  const preset = props.last === undefined ? presetOf(period) : undefined;
  const lastDay = addDays(period.to, -1);
  const step = (direction: 1 | -1) => onChange(stepPeriod(period, direction));
  useShortcuts({ "alt+arrowleft": () => step(-1), "alt+arrowright": () => step(1) });
  const choose = (next: Preset) => onChange(periodAround(next, earlier(lastDay, props.today)));
  const type = (from: Day, last: Day) => {
    const next = soundPeriod(from, last && addDays(last, 1));
    if (next) onChange(next);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own layout.
    <div className="e-period" role="group" aria-label={t("period.label")}>
      <button
        type="button"
        className="e-quiet-button"
        aria-label={t("period.before")}
        onClick={() => step(-1)}
      >
        ◀
      </button>
      <strong className="e-num e-period-name" aria-live="polite">
        {props.last === undefined ? f.days(period.from, period.to) : t("period.last", { days: props.last })}
      </strong>
      <button type="button" className="e-quiet-button" aria-label={t("period.after")} onClick={() => step(1)}>
        ▶
      </button>
      <SegmentedControl
        size="xs"
        aria-label={t("period.label")}
        value={preset ?? ""}
        onChange={(value) => choose(value as Preset)}
        data={presets.map((value) => ({ value, label: t(`period.${value}`) }))}
      />
      <span className="e-row">
        <input
          type="date"
          className="e-cell-input e-date"
          aria-label={t("period.from")}
          value={period.from}
          onChange={({ currentTarget: { value } }) =>
            type(value, earlier(value, lastDay) === value ? lastDay : value)
          }
        />
        –
        <input
          type="date"
          className="e-cell-input e-date"
          aria-label={t("period.to")}
          value={lastDay}
          onChange={({ currentTarget: { value } }) => type(earlier(value, period.from), value)}
        />
      </span>
    </div>
  );
}

/** Days are written so that their texts sort as they follow each other. */
function earlier(a: Day, b: Day): Day {
  return a.localeCompare(b) <= 0 ? a : b;
}
