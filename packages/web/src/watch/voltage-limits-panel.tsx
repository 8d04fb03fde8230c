import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type VoltageLimits } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { ChangeForm, Field, isReason, ReasonField } from "../parts/change-form.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { dayOf } from "../time/zone.ts";
import { voltageLimitsQuery } from "./queries.ts";

const fields = [
  "lowV",
  "highV",
  "wideLowV",
  "wideHighV",
  "sharePercent",
  "unflaggedPercent",
  "unbalancePercent",
] as const;
/** EN 50160 for 230 V, secondary source. */
const standard: Record<(typeof fields)[number], number> = {
  lowV: 207,
  highV: 253,
  wideLowV: 195.5,
  wideHighV: 253,
  sharePercent: 95,
  unflaggedPercent: 90,
  unbalancePercent: 2,
};

/** Limits by the day from which they hold, with who set them and why. */
export function VoltageLimitsPanel() {
  const { t, f } = useLocale();
  const may = useMay();
  const [open, setOpen] = useState(false);
  const query = useQuery(voltageLimitsQuery);
  return (
    <section className="e-panel" aria-labelledby="voltage-limits">
      <div className="e-panel-head">
        <h2 id="voltage-limits">{t("watch.limits")}</h2>
        {may("quality-limits.change") && !open ? (
          <Button variant="default" size="xs" onClick={() => setOpen(true)}>
            {t("watch.limits-change")}
          </Button>
        ) : null}
      </div>
      {open ? <LimitsForm newest={query.data?.rows[0]} onEnd={() => setOpen(false)} /> : null}
      <div className="e-panel-body">
        {query.isPending ? (
          <Waiting />
        ) : query.isError ? (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data.rows.length === 0 ? (
          <p className="e-muted">{t("watch.limits-none")}</p>
        ) : (
          <Scrolled label={t("watch.limits")}>
            <table className="e-list-table">
              <thead>
                <tr>
                  <th scope="col">{t("watch.valid-from")}</th>
                  {fields.map((field) => (
                    <th key={field} scope="col" className="e-end">
                      {t(`watch.limit.${field}`)}
                    </th>
                  ))}
                  <th scope="col">{t("watch.reason")}</th>
                  <th scope="col">{t("watch.by")}</th>
                </tr>
              </thead>
              <tbody>
                {query.data.rows.map((row) => (
                  <tr key={row.validFrom}>
                    <th scope="row" className="e-nowrap">
                      {f.day(row.validFrom)}
                    </th>
                    {fields.map((field) => (
                      <td key={field} className="e-num e-end">
                        {f.decimal(String(row[field]))}
                      </td>
                    ))}
                    <td>{row.reason}</td>
                    <td className="e-nowrap">{row.enteredBy}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolled>
        )}
      </div>
    </section>
  );
}

function LimitsForm(props: { readonly newest: VoltageLimits | undefined; readonly onEnd: () => void }) {
  const { t, zone, language } = useLocale();
  const written = (value: number) => (language === "ro" ? String(value).replace(".", ",") : String(value));
  const [typed, setTyped] = useState(() =>
    Object.fromEntries(fields.map((field) => [field, written((props.newest ?? standard)[field])])),
  );
  const [validFrom, setValidFrom] = useState(dayOf(useNow(60_000), zone));
  const [reason, setReason] = useState("");
  const numberOf = (field: string): number | undefined => {
    const text = typed[field]?.trim().replace(",", ".") ?? "";
    return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
  };
  return (
    <ChangeForm
      panel={t("watch.limits-change")}
      changes={[["voltage-limits"], ["watch"]]}
      run={() =>
        api.setVoltageLimits({
          ...(Object.fromEntries(fields.map((field) => [field, numberOf(field)!])) as typeof standard),
          validFrom,
          reason: reason.trim(),
        })
      }
      complete={
        fields.every((field) => numberOf(field) !== undefined) && validFrom !== "" && isReason(reason)
      }
      onEnd={props.onEnd}
    >
      <div className="e-fields">
        {fields.map((field, nth) => (
          <Field
            key={field}
            figures
            first={nth === 0}
            label={t(`watch.limit.${field}`)}
            value={typed[field] ?? ""}
            wrong={numberOf(field) === undefined ? t("watch.not-number") : undefined}
            onChange={(value) => setTyped((now) => ({ ...now, [field]: value }))}
          />
        ))}
        <Field type="date" label={t("watch.valid-from")} value={validFrom} onChange={setValidFrom} />
        <ReasonField value={reason} onChange={setReason} />
      </div>
    </ChangeForm>
  );
}
