import { Button, Checkbox, TextInput } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type CertificateList } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { Mark, type Tone } from "../parts/marks.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { fold } from "../text/fold.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { type Certificate, CertificateDialog, type Opened } from "./certificate-dialog.tsx";

const certificatesQuery = queryOptions({
  queryKey: ["certificates"],
  queryFn: ({ signal }) => api.certificates(signal),
  refetchInterval: 60_000,
});

const marks: Record<Certificate["state"], [shape: string, tone: Tone]> = {
  "in-use": ["●", "ok"],
  "not-used": ["◌", "muted"],
  ended: ["■", "bad"],
  revoked: ["×", "muted"],
};
const soonMs = 60 * 86_400_000;
/** More rows help nobody who looks for one. */
const shownMax = 200;

const inForce = ({ state }: Certificate) => state === "in-use" || state === "not-used";

/** Certificates of devices: whose, in which state, until when. */
export function CertificatesPage() {
  const { t } = useLocale();
  const query = useQuery(certificatesQuery);
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.admin") }, { label: t("nav.certificates") }]}
        title={t("nav.certificates")}
      />
      {query.isPending ? <Waiting label={t("certificates.loading")} /> : null}
      {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data ? <Certificates list={query.data} /> : null}
    </>
  );
}

function Certificates({ list: { rows, address } }: { readonly list: CertificateList }) {
  const { t } = useLocale();
  const mayChange = useMay()("vpn.change");
  const nowMs = useNow(60_000);
  const [filter, setFilter] = useState("");
  const [pastToo, setPastToo] = useState(false);
  const [opened, setOpened] = useState<Opened>();
  const endsSoon = (row: Certificate) => inForce(row) && Date.parse(row.endsAt) - nowMs < soonMs;
  const wanted = fold(filter);
  const found = rows.filter(
    (row) => (pastToo || inForce(row)) && fold(`${row.identity} ${row.fingerprint}`).includes(wanted),
  );
  const countOf = (is: (row: Certificate) => boolean) => rows.filter(is).length;
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{address === null ? t("nav.certificates") : t("certificates.address", { address })}</h2>
        {mayChange ? (
          <Button size="xs" onClick={() => setOpened({ what: "issue" })}>
            {t("certificates.issue")}
          </Button>
        ) : null}
      </div>
      <div className="e-panel-body e-stack">
        <p className="e-muted e-break">{t("certificates.about")}</p>
        {rows.length === 0 ? (
          <EmptyNotice title={t("certificates.none")} />
        ) : (
          <>
            <p className="e-muted" role="status">
              {t("certificates.count", {
                used: countOf(({ state }) => state === "in-use"),
                unused: countOf(({ state }) => state === "not-used"),
                soon: countOf(endsSoon),
              })}
            </p>
            <div className="e-row">
              <TextInput
                data-filter
                aria-label={t("certificates.filter")}
                placeholder={t("certificates.filter")}
                style={{ flex: "1 1 240px", maxWidth: 360 }}
                value={filter}
                onChange={(event) => setFilter(event.currentTarget.value)}
              />
              <Checkbox
                label={t("certificates.past-too")}
                checked={pastToo}
                onChange={(event) => setPastToo(event.currentTarget.checked)}
              />
            </div>
            {found.length === 0 ? <p className="e-muted">{t("certificates.none-match")}</p> : null}
            {found.length > shownMax ? (
              <p className="e-muted">
                {t("certificates.shown-of", { shown: shownMax, total: found.length })}
              </p>
            ) : null}
          </>
        )}
      </div>
      {found.length > 0 ? (
        <CertificateTable
          rows={found.slice(0, shownMax)}
          endsSoon={endsSoon}
          open={mayChange ? setOpened : undefined}
        />
      ) : null}
      <CertificateDialog opened={opened} onClose={() => setOpened(undefined)} />
    </section>
  );
}

const columns = ["device", "state", "issued", "ends", "last-used"] as const;

function CertificateTable(props: {
  readonly rows: readonly Certificate[];
  readonly endsSoon: (row: Certificate) => boolean;
  readonly open: ((opened: Opened) => void) | undefined;
}) {
  const { t, f } = useLocale();
  const nowMs = useNow(60_000);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
    <section className="e-scroll-x" tabIndex={0} aria-label={t("nav.certificates")}>
      <table className="e-list-table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {t(`certificates.${column}`)}
              </th>
            ))}
            {props.open ? <th scope="col">{t("certificates.actions")}</th> : null}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => {
            const [shape, tone] = marks[row.state];
            const lastMs = row.lastUsedAt === null ? undefined : Date.parse(row.lastUsedAt);
            return (
              <tr key={row.certificateId}>
                <td>
                  <strong>{row.identity}</strong>
                  <div className="e-muted e-small" title={row.fingerprint}>
                    SHA-256 <code>{row.fingerprint.slice(0, 16)}…</code>
                  </div>
                </td>
                <td>
                  <Mark shape={shape} tone={tone}>
                    {t(`certificates.state-${row.state}`)}
                  </Mark>
                </td>
                <td className="e-nowrap">{f.instant(Date.parse(row.issuedAt))}</td>
                <td className="e-nowrap">
                  {props.endsSoon(row) ? (
                    <Mark shape="▲" tone="warning">
                      {f.instant(Date.parse(row.endsAt))} · {t("certificates.soon")}
                    </Mark>
                  ) : (
                    f.instant(Date.parse(row.endsAt))
                  )}
                </td>
                <td className="e-nowrap" title={lastMs === undefined ? undefined : f.instant(lastMs)}>
                  {lastMs === undefined ? noValue : f.ago(lastMs, nowMs)}
                </td>
                {props.open ? (
                  <td>
                    <Actions row={row} open={props.open} />
                  </td>
                ) : null}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Actions(props: { readonly row: Certificate; readonly open: (opened: Opened) => void }) {
  const { t } = useLocale();
  const { row, open } = props;
  if (row.state === "revoked") return null;
  return (
    <div className="e-row" style={{ gap: 4 }}>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={t("certificates.replace-of", { name: row.identity })}
        onClick={() => open({ what: "replace", row })}
      >
        {t("certificates.replace")}
      </Button>
      {inForce(row) ? (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={t("certificates.revoke-of", { name: row.identity })}
          onClick={() => open({ what: "revoke", row })}
        >
          {t("certificates.revoke")}
        </Button>
      ) : null}
    </div>
  );
}
