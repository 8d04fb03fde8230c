import { Button } from "@mantine/core";
import { useState } from "react";
import { fieldOfInstant, instantOfField } from "../log/search.ts";
import { useLocale } from "../text/provider.tsx";

/** Chooses the instant whose knowledge is shown, and says so plainly while it is a past one. */
export function KnownAt(props: {
  readonly known: string | undefined;
  readonly onChange: (known: string | undefined) => void;
}) {
  const { t, f, zone } = useLocale();
  const { known, onChange } = props;
  const [open, setOpen] = useState(false);
  const field = (
    <input
      type="datetime-local"
      className="e-cell-input e-known-at"
      aria-label={t("known.label")}
      value={fieldOfInstant(known, zone)}
      onChange={(event) => onChange(instantOfField(event.currentTarget.value, zone))}
    />
  );
  if (known === undefined)
    return (
      <span className="e-row e-no-print">
        {open ? (
          <>
            <span className="e-small e-muted">{t("known.label")}</span>
            {field}
          </>
        ) : (
          <Button variant="subtle" size="compact-sm" onClick={() => setOpen(true)}>
            {t("known.open")}
          </Button>
        )}
      </span>
    );
  return (
    <div className="e-notice" data-tone="warning" role="status">
      <strong>{t("known.past", { time: f.instant(Date.parse(known)) })}</strong>
      <span>{t("known.what")}</span>
      <span className="e-row e-no-print">
        {field}
        <Button variant="default" size="compact-sm" onClick={() => onChange(undefined)}>
          {t("known.now")}
        </Button>
      </span>
    </div>
  );
}
