import { Checkbox } from "@mantine/core";
import { useState } from "react";
import { api, type Point } from "../api/client.ts";
import { fieldOfInstant, instantOfField } from "../log/search.ts";
import { ChangeForm, Field, isReason, ReasonField } from "../parts/change-form.tsx";
import { useLocale } from "../text/provider.tsx";

type Installation = Point["installations"][number];

const exact = /^\d{1,6}([.,]\d{1,6})?$/;
const decimalOf = (text: string) => text.trim().replace(",", ".");

/** Asks for other transformer ratios of the meter that stands at the point: what follows from them, from when, and why. */
export function RatioChange(props: {
  readonly point: Point;
  readonly installation: Installation;
  readonly onEnd: () => void;
}) {
  const { t, f, zone } = useLocale();
  const { point, installation } = props;
  const [ct, setCt] = useState(installation.ctRatio);
  const [vt, setVt] = useState(installation.vtRatio);
  const [primary, setPrimary] = useState(installation.primaryValues);
  const [from, setFrom] = useState(() => fieldOfInstant(new Date().toISOString(), zone));
  const [reason, setReason] = useState("");
  const instant = instantOfField(from, zone);
  const factor = primary ? 1 : Number(decimalOf(ct)) * Number(decimalOf(vt));
  return (
    <ChangeForm
      panel={t("ratios.title")}
      changes={[["ratio-requests"]]}
      run={() =>
        api.requestRatios(point.pointId, {
          ctRatio: decimalOf(ct),
          vtRatio: decimalOf(vt),
          primaryValues: primary,
          from: instant ?? "",
          reason: reason.trim(),
        })
      }
      complete={exact.test(ct.trim()) && exact.test(vt.trim()) && instant !== undefined && isReason(reason)}
      submit={t("ratios.ask")}
      done={() => t("ratios.asked")}
      onEnd={props.onEnd}
    >
      <strong>{t("ratios.title")}</strong>
      <div className="e-log-filters">
        <Field first label={t("ratios.ct")} value={ct} onChange={setCt} />
        <Field label={t("ratios.vt")} value={vt} onChange={setVt} />
        <Field type="datetime-local" label={t("ratios.from")} value={from} onChange={setFrom} />
      </div>
      <Checkbox
        label={t("ratios.primary")}
        checked={primary}
        onChange={(event) => setPrimary(event.currentTarget.checked)}
      />
      <ReasonField value={reason} onChange={setReason} />
      {Number.isFinite(factor) ? (
        <p>
          {t("ratios.effect", { factor: f.decimal(String(factor)), old: f.decimal(installation.factor) })}
        </p>
      ) : null}
    </ChangeForm>
  );
}
