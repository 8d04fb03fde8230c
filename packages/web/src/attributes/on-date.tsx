import "./texts.ts";
import { Button } from "@mantine/core";
import { useState } from "react";
import { fieldOfInstant, instantOfField, onInstant } from "../log/search.ts";
import { useLocale } from "../text/provider.tsx";

/** Chooses the instant whose master data is shown, and says so plainly while it is another one than now. */
export function OnDate(props: {
  readonly on: string | undefined;
  readonly onChange: (on: string | undefined) => void;
  /** What of the page is of then, and what of now. */
  readonly what: string;
}) {
  const { t, f, zone } = useLocale();
  const { onChange } = props;
  const on = props.on === undefined ? undefined : onInstant(props.on, zone);
  const [open, setOpen] = useState(false);
  const field = (
    <input
      type="datetime-local"
      className="e-cell-input e-known-at"
      aria-label={t("on.label")}
      value={fieldOfInstant(on, zone)}
      onChange={(event) => onChange(instantOfField(event.currentTarget.value, zone))}
    />
  );
  if (on !== undefined) {
    return (
      <div className="e-notice" data-tone="warning" role="status">
        <strong>{t("on.past", { time: f.instant(Date.parse(on)) })}</strong>
        <span>{props.what}</span>
        <span className="e-row e-no-print">
          {field}
          <Button variant="default" size="compact-sm" onClick={() => onChange(undefined)}>
            {t("on.now")}
          </Button>
        </span>
      </div>
    );
  }
  return (
    <span className="e-row e-no-print">
      {open ? (
        <>
          <span className="e-small e-muted">{t("on.label")}</span>
          {field}
        </>
      ) : (
        <Button variant="subtle" size="compact-sm" onClick={() => setOpen(true)}>
          {t("on.open")}
        </Button>
      )}
    </span>
  );
}
