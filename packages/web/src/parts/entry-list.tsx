import { useLocale } from "../text/provider.tsx";

interface Entry<Field extends string> {
  readonly at: string;
  readonly by: string;
  readonly note: string;
  readonly changes: readonly {
    readonly field: Field;
    readonly before: string | null;
    readonly after: string | null;
  }[];
}

/** A history that is only added to: who, when, each field from what to what, and what was noted. */
export function EntryList<Field extends string>(props: {
  readonly entries: readonly Entry<Field>[];
  readonly label: (field: Field) => string;
  readonly told: (field: Field, value: string | null) => string;
}) {
  const { f } = useLocale();
  const { entries, label, told } = props;
  return (
    <ol className="e-change-list">
      {entries.map((entry) => (
        <li key={`${entry.at} ${entry.by} ${entry.note}`}>
          <span className="e-muted e-small">
            {entry.by}, {f.instant(Date.parse(entry.at))}
          </span>
          {entry.changes.map(({ field, before, after }) => (
            <span key={field} className="e-small">
              {label(field)}: {told(field, before)} → {told(field, after)}
            </span>
          ))}
          {entry.note ? <span>{entry.note}</span> : null}
        </li>
      ))}
    </ol>
  );
}
