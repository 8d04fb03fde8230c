import { Button, NumberInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type ValidationPolicy } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { policyQuery } from "./queries.ts";

/** When a second person is needed, and when the month closes. */
export function PolicyForm() {
  const policy = useQuery(policyQuery).data;
  return policy ? <Form policy={policy} /> : null;
}

function Form({ policy }: { readonly policy: ValidationPolicy }) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const [limitKwh, setLimit] = useState<number | string>(policy.alonePerEditWh / 1000);
  const [closingDay, setDay] = useState<number | string>(policy.closingDay);
  const save = useMutation({
    mutationFn: () =>
      api.setValidationPolicy({
        alonePerEditWh: Math.round(Number(limitKwh) * 1000),
        closingDay: Number(closingDay),
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["validation"] }),
  });
  return (
    <section className="e-panel" aria-labelledby="policy">
      <div className="e-panel-head">
        <h2 id="policy">{t("quality-page.policy")}</h2>
      </div>
      <form
        className="e-panel-body e-stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <NumberInput
          hideControls
          label={t("quality-page.limit")}
          min={0}
          max={1_000_000}
          required
          value={limitKwh}
          onChange={setLimit}
        />
        <NumberInput
          hideControls
          label={t("quality-page.closing-day")}
          min={1}
          max={28}
          allowDecimal={false}
          required
          value={closingDay}
          onChange={setDay}
        />
        {save.isError ? <ProblemNotice error={save.error} /> : null}
        <div className="e-row">
          <Button type="submit" loading={save.isPending} disabled={limitKwh === "" || closingDay === ""}>
            {t("quality-page.save")}
          </Button>
        </div>
      </form>
    </section>
  );
}
