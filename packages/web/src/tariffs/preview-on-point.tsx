import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, type TariffTerms } from "../api/client.ts";
import { AccountLines } from "../multi-rate/account-lines.tsx";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { addDays } from "../time/zone.ts";

const sampleDays = 30;

/** The account of a sample point's last days, as it is and with this version. */
export function PreviewOnPoint(props: {
  readonly terms: TariffTerms;
  readonly today: string;
  readonly ready: boolean;
}) {
  const { t, f } = useLocale();
  const [pod, setPod] = useState("");
  const preview = useMutation({
    mutationFn: () =>
      api.previewTariff({
        terms: props.terms,
        pod: pod.trim(),
        from: addDays(props.today, -sampleDays),
        to: props.today,
      }),
  });
  return (
    <div className="e-stack">
      <div className="e-row">
        <TextInput
          aria-label={t("tariffs.sample")}
          placeholder={t("tariffs.sample")}
          value={pod}
          maxLength={40}
          onChange={(event) => setPod(event.currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={!props.ready || pod.trim() === ""}
          loading={preview.isPending}
          onClick={() => preview.mutate()}
        >
          {t("tariffs.preview")}
        </Button>
      </div>
      {preview.isError ? <ProblemNotice error={preview.error} /> : null}
      {preview.data ? (
        <>
          {preview.data.difference === null ? null : (
            <p className="e-num">Δ {f.decimal(preview.data.difference)}</p>
          )}
          <h3>{t("tariffs.before")}</h3>
          <AccountLines account={preview.data.before} />
          <h3>{t("tariffs.after")}</h3>
          <AccountLines account={preview.data.after} />
        </>
      ) : null}
    </div>
  );
}
