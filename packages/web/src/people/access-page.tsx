import { Button, Checkbox, NativeSelect } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, useState } from "react";
import { api, fileAddress, type Grant } from "../api/client.ts";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { grantWords, placeWords, timeWords } from "./grant-words.ts";
import { grantsQuery } from "./queries.ts";

const dayMs = 86_400_000;
type Shown = "all" | "due" | "unused";

const isShown: Readonly<Record<Shown, (grant: Grant, nowMs: number) => boolean>> = {
  all: () => true,
  due: (grant, nowMs) => Date.parse(grant.reviewedAt ?? grant.grantedAt) < nowMs - 182 * dayMs,
  unused: (grant, nowMs) => Date.parse(grant.lastUsedAt ?? grant.grantedAt) < nowMs - 90 * dayMs,
};

/** Every grant with its story: what is needed is confirmed, what is not is taken away. */
export function AccessPage() {
  const { t } = useLocale();
  const grants = useQuery(grantsQuery);
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.admin") }, { label: t("nav.access") }]}
        title={t("access.title")}
        actions={
          <Button
            variant="default"
            renderRoot={(own) => <a href={fileAddress("/grants.csv", {})} download {...own} />}
          >
            {t("access.csv")}
          </Button>
        }
      />
      <div className="e-stack">
        <p className="e-muted">{t("access.lead")}</p>
        {grants.isPending ? <Waiting /> : null}
        {grants.isError ? <ProblemNotice error={grants.error} onRetry={() => void grants.refetch()} /> : null}
        {grants.data ? <Review grants={grants.data.rows} /> : null}
      </div>
    </>
  );
}

function Review(props: { readonly grants: readonly Grant[] }) {
  const { t, f } = useLocale();
  const may = useMay();
  const queries = useQueryClient();
  const [shown, setShown] = useState<Shown>("all");
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [nowMs] = useState(() => Date.now());
  const settle = () => {
    setChosen(new Set());
    return queries.invalidateQueries({ queryKey: ["people"] });
  };
  const confirm = useMutation({ mutationFn: (ids: number[]) => api.reviewGrants(ids), onSuccess: settle });
  const end = useMutation({ mutationFn: (ids: number[]) => api.endGrants(ids), onSuccess: settle });
  const rows = props.grants.filter((grant) => isShown[shown](grant, nowMs));
  const ids = rows.map(({ grantId }) => grantId).filter((id) => chosen.has(id));
  const toggle = (grantId: number) => {
    const next = new Set(chosen);
    if (!next.delete(grantId)) next.add(grantId);
    setChosen(next);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTableRowElement>, grantId: number) => {
    if (event.key.toLowerCase() !== "c" || event.ctrlKey || event.metaKey || !may("users.approve")) return;
    event.preventDefault();
    confirm.mutate([grantId]);
  };
  const error = confirm.error ?? end.error;
  return (
    <>
      <div className="e-row">
        <NativeSelect
          aria-label={t("access.show")}
          value={shown}
          onChange={(event) => setShown(event.currentTarget.value as Shown)}
          data={(["all", "due", "unused"] as const).map((value) => ({ value, label: t(`access.${value}`) }))}
        />
        <span role="status">{t("access.chosen", { count: ids.length })}</span>
        {may("users.approve") ? (
          <Button disabled={ids.length === 0} loading={confirm.isPending} onClick={() => confirm.mutate(ids)}>
            {t("access.confirm")}
          </Button>
        ) : null}
        {may("users.change") ? (
          <Button
            variant="default"
            disabled={ids.length === 0}
            loading={end.isPending}
            onClick={() => end.mutate(ids)}
          >
            {t("people.take-away")}
          </Button>
        ) : null}
        {may("users.approve") ? <span className="e-muted e-small">{t("access.keys")}</span> : null}
      </div>
      {error ? <ProblemNotice error={error} /> : null}
      {rows.length === 0 ? (
        <EmptyNotice title={t("access.none")} />
      ) : (
        <section className="e-panel e-scroll-x" aria-label={t("access.title")}>
          <table className="e-list-table">
            <thead>
              <tr>
                <td />
                <th scope="col">{t("people.name")}</th>
                <th scope="col">{t("people.role")}</th>
                <th scope="col">{t("people.where")}</th>
                <th scope="col">{t("people.since")}</th>
                <th scope="col">{t("people.until")}</th>
                <th scope="col">{t("people.by")}</th>
                <th scope="col">{t("people.last-used")}</th>
                <th scope="col">{t("access.reviewed")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((grant) => (
                <tr key={grant.grantId} onKeyDown={(event) => onKeyDown(event, grant.grantId)}>
                  <td>
                    <Checkbox
                      checked={chosen.has(grant.grantId)}
                      aria-label={t("access.choose", {
                        name: `${grant.displayName}, ${grantWords(t, grant)}`,
                      })}
                      onChange={() => toggle(grant.grantId)}
                    />
                  </td>
                  <td>
                    <Link to="/adm/users/$accountId" params={{ accountId: grant.accountId }}>
                      {grant.displayName}
                    </Link>
                    {grant.disabled ? ` (${t("people.disabled")})` : null}
                  </td>
                  <td>{grantWords(t, grant)}</td>
                  <td>{placeWords(t, grant)}</td>
                  <td>{timeWords(f, grant.validFrom, "")}</td>
                  <td>{timeWords(f, grant.validUntil, "–")}</td>
                  <td>{grant.grantedBy ?? t("people.by-system")}</td>
                  <td>{timeWords(f, grant.lastUsedAt, t("people.never"))}</td>
                  <td>
                    {grant.reviewedAt === null
                      ? t("people.never")
                      : t("access.reviewed-by", {
                          time: timeWords(f, grant.reviewedAt, ""),
                          name: grant.reviewedBy ?? "",
                        })}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}
