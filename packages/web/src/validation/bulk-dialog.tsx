import { Button, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api, type FindingRow, type LikeFindings } from "../api/client.ts";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { longJobsQuery } from "../shell/long-jobs.tsx";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { exactUnit } from "./exact.ts";
import { energyWords, methodWords, rangeWords, ruleWords } from "./words.ts";

/** All findings of one rule and one method: how many, what energy, ten of them; accepted as a job of exactly these. */
export function BulkDialog(props: { readonly like: LikeFindings; readonly onClose: () => void }) {
  const locale = useLocale();
  const { t, f } = locale;
  const { like } = props;
  const queries = useQueryClient();
  const preview = useQuery({
    queryKey: ["validation", "like", like],
    queryFn: ({ signal }) => api.previewAcceptance(like, signal),
    staleTime: 0,
    gcTime: 0,
  });
  const ids = preview.data?.findingIds ?? [];
  const start = useMutation({
    mutationFn: () => api.acceptFindings({ rule: like.rule, method: like.method, findingIds: ids }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: longJobsQuery.queryKey });
      notifications.show({
        color: "accent",
        withBorder: true,
        message: t("vee.bulk-started"),
      });
      props.onClose();
    },
  });
  const button = useRef<HTMLButtonElement>(null);
  const ready = ids.length > 0;
  useEffect(() => {
    if (ready) button.current?.focus();
  }, [ready]);
  return (
    <Modal
      opened
      onClose={props.onClose}
      size="lg"
      title={t("vee.bulk-title")}
      closeButtonProps={{ "aria-label": t("nav.close") }}
    >
      <div className="e-stack">
        <p>{t("vee.bulk-what", { rule: ruleWords(t, like.rule), method: methodWords(t, like.method) })}</p>
        {preview.isPending ? <Waiting /> : null}
        {preview.isError ? (
          <ProblemNotice error={preview.error} onRetry={() => void preview.refetch()} />
        ) : null}
        {preview.data && !ready ? <EmptyNotice title={t("vee.bulk-none")} /> : null}
        {preview.data && ready ? (
          <>
            <p>
              {t("vee.bulk-effect", {
                count: ids.length,
                points: preview.data.points,
                intervals: preview.data.intervals,
              })}
            </p>
            <dl className="e-figures">
              {preview.data.energy.map(({ unit, value }) => {
                const exact = exactUnit(unit, 0);
                return (
                  <div key={unit}>
                    <dt className="e-muted e-small">{t("vee.bulk-energy")}</dt>
                    <dd className="e-num">
                      {f.number(Number(value) * exact.factor, exact.digits)} {exact.label}
                    </dd>
                  </div>
                );
              })}
            </dl>
            <Sample rows={preview.data.sample} />
            {start.isError ? <ProblemNotice error={start.error} /> : null}
            <div className="e-row">
              <Button ref={button} loading={start.isPending} onClick={() => start.mutate()}>
                {t("vee.bulk-do", { count: ids.length })}
              </Button>
              <Button variant="default" onClick={props.onClose}>
                {t("common.cancel")}
              </Button>
            </div>
          </>
        ) : null}
      </div>
    </Modal>
  );
}

function Sample({ rows }: { readonly rows: readonly FindingRow[] }) {
  const locale = useLocale();
  const { t, f } = locale;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
    <section className="e-scroll-x" tabIndex={0} aria-label={t("vee.bulk-sample")}>
      <table className="e-list-table">
        <caption className="e-muted e-small" style={{ textAlign: "left" }}>
          {t("vee.bulk-sample")}
        </caption>
        <thead>
          <tr>
            <th scope="col">{t("vee.column.point")}</th>
            <th scope="col">{t("vee.column.interval")}</th>
            <th scope="col" className="e-end">
              {t("vee.column.estimate")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.findingId}>
              <td>{row.pod || row.name}</td>
              <td>{rangeWords(row, locale)}</td>
              <td className="e-num">{row.estimate === null ? noValue : energyWords(row.estimate, row, f)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
