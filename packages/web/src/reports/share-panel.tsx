import { Button, Checkbox } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Choice } from "../analysis/frame.tsx";
import { api, type Report } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";

type Share = Report["shares"][number];

/** With whom one's own report is shared: each reads it with their own rights. */
export function SharePanel({ report }: { readonly report: Report }) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const targets = useQuery({
    queryKey: ["report-readers"],
    queryFn: ({ signal }) => api.reportReaders(signal),
  });
  const share = useMutation({
    mutationFn: (shares: readonly Share[]) =>
      api.shareReport(
        report.reportId,
        shares.map(({ kind, id, mayChange }) => ({ kind, id, mayChange })),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["reports"] }),
  });
  const key = ({ kind, id }: Pick<Share, "kind" | "id">) => `${kind} ${id}`;
  const shared = new Set(report.shares.map(key));
  const free = targets.data?.rows.filter((target) => !shared.has(key(target))) ?? [];
  const add = (value: string) => {
    const found = free.find((target) => key(target) === value);
    if (found) share.mutate([...report.shares, { ...found, mayChange: false }]);
  };
  return (
    <section className="e-panel" aria-labelledby="rp-share">
      <div className="e-panel-head">
        <h2 id="rp-share">{t("rp.share")}</h2>
        <Choice
          label={t("rp.share-add")}
          value=""
          options={[
            ["", "–"],
            ...free.map((target): [string, string] => [
              key(target),
              `${target.name} (${t(target.kind === "person" ? "rp.share-person" : "rp.share-role")})`,
            ]),
          ]}
          onChange={add}
        />
      </div>
      {share.isError ? <ProblemNotice error={share.error} /> : null}
      {report.shares.length === 0 ? <p className="e-panel-body e-muted">{t("rp.share-none")}</p> : null}
      <ul className="e-panel-body e-pick-list">
        {report.shares.map((each) => (
          <li key={key(each)} className="e-row" style={{ justifyContent: "space-between" }}>
            <span>
              {each.name}{" "}
              <span className="e-small e-muted">
                {t(each.kind === "person" ? "rp.share-person" : "rp.share-role")}
              </span>
            </span>
            <span className="e-row">
              <Checkbox
                label={t("rp.share-change")}
                aria-label={t("rp.share-change-of", { name: each.name })}
                checked={each.mayChange}
                onChange={({ currentTarget: { checked } }) =>
                  share.mutate(
                    report.shares.map((one) => (one === each ? { ...one, mayChange: checked } : one)),
                  )
                }
              />
              <Button
                size="compact-sm"
                variant="default"
                aria-label={t("rp.remove-of", { name: each.name })}
                onClick={() => share.mutate(report.shares.filter((one) => one !== each))}
              >
                {t("rp.remove")}
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
