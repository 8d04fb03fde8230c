import { Button, CopyButton, NumberInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type DatabaseOverview } from "../api/client.ts";
import { Mark } from "../parts/marks.tsx";
import { ProblemNotice } from "../parts/notices.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { TrialSteps } from "./trial-steps.tsx";

/** The password with which analysts read by SQL: given for a while, shown once, taken back. */
export function Analysts({ overview }: { readonly overview: DatabaseOverview }) {
  const { t, f } = useLocale();
  const may = useMay();
  const queries = useQueryClient();
  const again = () => queries.invalidateQueries({ queryKey: ["database"] });
  const [days, setDays] = useState<number | string>(90);
  const give = useMutation({
    mutationFn: () => api.giveAnalystPassword({ days: Number(days) }),
    onSuccess: again,
    gcTime: 0,
  });
  const end = useMutation({
    mutationFn: api.endAnalystPassword,
    onSuccess: () => {
      give.reset();
      return again();
    },
  });
  const attempt = useMutation({ mutationFn: api.tryDatabase });
  const role = overview.roles.find(({ role: name }) => name === "report_ro");
  const error = give.error ?? end.error ?? attempt.error;
  return (
    <section className="e-panel" aria-labelledby="database-analysts">
      <div className="e-panel-head">
        <h2 id="database-analysts">{t("database.analysts")}</h2>
        <Mark shape={role?.signsIn ? "●" : "–"} tone={role?.signsIn ? "ok" : "muted"}>
          {role?.signsIn && role.validUntil !== null
            ? t("database.until", { time: f.instant(Date.parse(role.validUntil)) })
            : t(role?.signsIn ? "database.signs-in" : "database.no-sign-in")}
        </Mark>
      </div>
      <div className="e-panel-body e-stack">
        <p>{t("database.analysts-how")}</p>
        {overview.server.host.startsWith("/") ? (
          <p className="e-muted e-small">{t("database.socket-only")}</p>
        ) : null}
        {error ? <ProblemNotice error={error} /> : null}
        {may("database.change") ? (
          <form
            className="e-stack"
            onSubmit={(event) => {
              event.preventDefault();
              end.reset();
              attempt.reset();
              give.mutate();
            }}
          >
            <NumberInput
              label={t("database.days")}
              description={t("database.give-how")}
              value={days}
              onChange={setDays}
              min={1}
              max={366}
              allowDecimal={false}
              required
            />
            <div className="e-row">
              <Button type="submit" size="xs" variant="default" loading={give.isPending}>
                {t("database.give")}
              </Button>
              {role?.signsIn ? (
                <Button size="xs" variant="subtle" onClick={() => end.mutate()} loading={end.isPending}>
                  {t("database.end")}
                </Button>
              ) : null}
            </div>
          </form>
        ) : null}
        <div role="status">
          {end.isSuccess && !give.data ? <p>{t("database.ended")}</p> : null}
          {give.data ? (
            <section className="e-notice" data-tone="info" aria-label={t("database.analysts")}>
              <strong>{t("database.given", { time: f.instant(Date.parse(give.data.validUntil)) })}</strong>
              <code className="e-break">
                {`host=${give.data.host} port=${give.data.port} dbname=${give.data.database} user=${give.data.role}`}
              </code>
              <code className="e-break">{give.data.password}</code>
              <span className="e-row">
                <CopyButton value={give.data.password}>
                  {({ copied, copy }) => (
                    <Button size="compact-sm" variant="default" onClick={copy}>
                      {copied ? t("common.copied") : t("database.copy")}
                    </Button>
                  )}
                </CopyButton>
                {may("database.command") ? (
                  <Button
                    size="compact-sm"
                    variant="default"
                    loading={attempt.isPending}
                    onClick={() => attempt.mutate({ analystPassword: give.data.password })}
                  >
                    {t("database.try-analyst")}
                  </Button>
                ) : null}
              </span>
            </section>
          ) : null}
        </div>
      </div>
      {attempt.data && give.data ? <TrialSteps trial={attempt.data} /> : null}
    </section>
  );
}
