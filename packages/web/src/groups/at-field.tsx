import { instantOfField } from "../log/search.ts";
import { useLocale } from "../text/provider.tsx";
import { isDay } from "../time/period.ts";
import type { Day } from "../time/zone.ts";

/** The day as of which groups are shown: they are as they were when it began. Empty: now. */
export function AtField(props: {
  readonly value: Day | undefined;
  readonly onChange: (day: Day | undefined) => void;
}) {
  const { t } = useLocale();
  return (
    <label className="e-row e-small">
      <span className="e-muted">{t("groups.at")}</span>
      <input
        type="date"
        className="e-cell-input e-date"
        value={props.value ?? ""}
        onChange={({ currentTarget: { value } }) => props.onChange(isDay(value) ? value : undefined)}
      />
    </label>
  );
}

/** The same for a call: nothing when it is now. */
export function atQuery(day: Day | undefined, zone: string): { at?: string } {
  const at = day === undefined ? undefined : instantOfField(`${day}T00:00`, zone);
  return at === undefined ? {} : { at };
}
