import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, type GroupFinding, type GroupList } from "../api/client.ts";
import { Mark } from "../parts/marks.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { atQuery } from "./at-field.tsx";

type Kind = GroupFinding["kind"];

/** How many things of each kind do not fit together; one kind opened shows which. */
export function ChecksPanel(props: {
  readonly counts: GroupList["checks"];
  readonly at: string | undefined;
}) {
  const { t, f } = useLocale();
  const [open, setOpen] = useState<Kind>();
  const kinds = (Object.entries(props.counts) as [Kind, number][]).filter(([, count]) => count > 0);
  return (
    <section className="e-panel" aria-labelledby="checks">
      <div className="e-panel-head">
        <h2 id="checks">{t("groups.checks")}</h2>
      </div>
      <div className="e-panel-body e-stack">
        {kinds.length === 0 ? (
          <Mark shape="●" tone="ok">
            {t("groups.checks-none")}
          </Mark>
        ) : (
          <ul className="e-check-list">
            {kinds.map(([kind, count]) => (
              <li key={kind}>
                <button
                  type="button"
                  className="e-quiet-button"
                  aria-expanded={open === kind}
                  onClick={() => setOpen(open === kind ? undefined : kind)}
                >
                  <Mark shape="▲" tone="warning">
                    {t(`check.${kind}`)}
                  </Mark>
                  <strong className="e-num">{f.number(count)}</strong>
                </button>
                {open === kind ? <Findings kind={kind} total={count} at={props.at} /> : null}
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function Findings(props: { readonly kind: Kind; readonly total: number; readonly at: string | undefined }) {
  const { t, zone } = useLocale();
  const query = useQuery({
    queryKey: ["groups", "checks", props.at ?? "now"],
    queryFn: ({ signal }) => api.groupChecks(atQuery(props.at, zone), signal),
  });
  if (query.isPending) return <Waiting />;
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  const findings = query.data.findings.filter(({ kind }) => kind === props.kind);
  return (
    <>
      <FindingList findings={findings} />
      {props.total > findings.length ? (
        <p className="e-muted e-small">{t("groups.checks-more", { count: props.total - findings.length })}</p>
      ) : null}
    </>
  );
}

/** Findings as links to what they are about. */
export function FindingList(props: { readonly findings: readonly GroupFinding[]; readonly withKind?: true }) {
  const { t } = useLocale();
  return (
    <ul className="e-check-findings">
      {props.findings.map((finding) => (
        <li key={`${finding.kind} ${finding.groupId} ${finding.pointId} ${finding.otherGroupId}`}>
          {props.withKind ? (
            <Mark shape="▲" tone="warning">
              {t(`check.${finding.kind}`)}
            </Mark>
          ) : null}
          {finding.groupId !== null && finding.group !== null && !props.withKind ? (
            <GroupLink groupId={finding.groupId} name={finding.group} />
          ) : null}
          {finding.pointId !== null && finding.pod !== null ? (
            <Link
              to="/points/$pointId"
              params={{ pointId: finding.pointId }}
              search={{}}
              className="e-num e-target"
            >
              {finding.pod}
            </Link>
          ) : null}
          {finding.otherGroupId !== null && finding.otherGroup !== null ? (
            <GroupLink groupId={finding.otherGroupId} name={finding.otherGroup} />
          ) : null}
        </li>
      ))}
    </ul>
  );
}

export function GroupLink(props: { readonly groupId: number; readonly name: string }) {
  return (
    <Link to="/cfg/groups/$groupId" params={{ groupId: props.groupId }} search={{}} className="e-target">
      {props.name}
    </Link>
  );
}
