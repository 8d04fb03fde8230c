import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Bars } from "../analysis/bars.tsx";
import { api, type LossCase, type LossSuspects } from "../api/client.ts";
import { TaskButton } from "../field-work/task-button.tsx";
import { formerOf } from "../parts/former.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { useMay } from "../session.ts";
import type { MessageKey } from "../text/catalogue.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import type { Period } from "../time/period.ts";
import { displayUnit } from "../time/quantity.ts";
import { useEnergy } from "./figures.tsx";
import { OpenCase } from "./open-case.tsx";

type Suspect = LossSuspects["suspects"][number];
type Suspected = NonNullable<LossCase["suspected"]>;

/** Who explains a group's loss, the strongest first, each with reasons in words and its curve beside the loss. */
export function Suspects(props: { readonly groupId: number; readonly period: Period }) {
  const { t, f } = useLocale();
  const { groupId, period } = props;
  const may = useMay();
  const energy = useEnergy();
  const [asking, setAsking] = useState<Suspect>();
  const query = useQuery({
    queryKey: ["losses", groupId, "suspects", period],
    queryFn: ({ signal }) => api.lossSuspects(groupId, period, signal),
    placeholderData: formerOf("losses", groupId, "suspects"),
    staleTime: 60_000,
  });
  return (
    <section className="e-panel" aria-labelledby="suspects">
      <div className="e-panel-head">
        <h2 id="suspects">{t("loss.suspects")}</h2>
        {query.data ? (
          <span className="e-muted e-small">
            {t("loss.looked-at", {
              members: query.data.members,
              outsiders: query.data.outsiders,
              days: query.data.days.length,
            })}
          </span>
        ) : null}
      </div>
      <div className="e-panel-body e-stack" aria-busy={query.isPlaceholderData}>
        {asking ? (
          <OpenCase
            groupId={groupId}
            period={period}
            point={{ pointId: asking.pointId, pod: asking.pod }}
            onClose={() => setAsking(undefined)}
          />
        ) : null}
        {query.isPending ? (
          <Waiting />
        ) : query.isError ? (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data.suspects.length === 0 ? (
          <p className="e-muted">{t("loss.no-suspects")}</p>
        ) : (
          <>
            <p className="e-muted e-small">
              {t("loss.left", { part: f.percent(Math.round(100 * query.data.unexplainedPart)) })}
            </p>
            <ol className="e-change-list">
              {query.data.suspects.slice(0, 10).map((suspect, nth) => (
                <li key={suspect.pointId}>
                  <span className="e-row">
                    <Link to="/points/$pointId" params={{ pointId: suspect.pointId }} search={{}}>
                      {suspect.pod}
                    </Link>
                    <span>{suspect.name}</span>
                    <span className="e-muted e-small e-num">
                      {t("loss.score", { score: f.number(suspect.score, 0) })} ·{" "}
                      {t("loss.explains", { energy: energy(suspect.explainedWh) })}
                      {suspect.member ? "" : ` · ${t("loss.outsider")}`}
                      {suspect.other === null ? "" : ` · ${t("loss.with", { pod: suspect.other })}`}
                    </span>
                    {suspect.caseId !== null ? (
                      <>
                        <Link to="/an/cases/$caseId" params={{ caseId: suspect.caseId }}>
                          {t("loss.case-at", { number: String(suspect.caseId) })}
                        </Link>
                        <TaskButton
                          small
                          source={{ caseId: suspect.caseId }}
                          where={suspect.pod}
                          place={{ point: suspect.pointId }}
                        />
                      </>
                    ) : may("cases.change") ? (
                      <Button
                        size="compact-sm"
                        aria-label={`${t("loss.open-case")}: ${suspect.pod}`}
                        onClick={() => setAsking(suspect)}
                      >
                        {t("loss.open-case")}
                      </Button>
                    ) : null}
                    <Link
                      to="/an/load-curve"
                      search={{ of: `p${suspect.pointId}.m${groupId}`, ...period }}
                      className="e-small"
                    >
                      {t("loss.point-curve")}
                    </Link>
                  </span>
                  <SuspectedWords suspected={suspect} />
                  <details open={nth === 0}>
                    <summary className="e-small">{t("loss.evidence-short")}</summary>
                    <Evidence answer={query.data} suspect={suspect} />
                  </details>
                </li>
              ))}
            </ol>
          </>
        )}
      </div>
    </section>
  );
}

/** Figures of reasons that are parts of a whole. */
const parts: ReadonlySet<string> = new Set(["part", "probability"]);
/** Figures of reasons that are numbers of something, so that the word goes by them. */
const counted: ReadonlySet<string> = new Set(["days", "hours", "intervals"]);

/** What may be wrong, the likeliest first, and what speaks for it. */
export function SuspectedWords({ suspected }: { readonly suspected: Suspected }) {
  const { t, f } = useLocale();
  return (
    <>
      <strong>
        {suspected.modes
          .map(
            ({ mode, likelihood }) =>
              `${t(`loss-mode.${mode}`)} (${f.percent(Math.round(likelihood * 100))})`,
          )
          .join(" · ")}
      </strong>
      <ul className="e-small">
        {suspected.reasons.map((reason) => {
          const figures = Object.fromEntries(
            Object.entries(reason.figures).map(([name, value]) => {
              const shown = name === "lostWh" && value !== null ? value / 1000 : value;
              if (shown === null) return [name, noValue];
              if (parts.has(name)) return [name, f.percent(Math.round(100 * shown))];
              return [name, counted.has(name) ? shown : f.number(shown, Number.isInteger(shown) ? 0 : 2)];
            }),
          );
          return (
            <li key={`${reason.code} ${reason.day ?? ""} ${reason.at ?? ""}`}>
              {t(`loss-reason.${reason.code}`, {
                ...figures,
                day: reason.day ? f.day(reason.day) : noValue,
                at: reason.at ? f.instant(Date.parse(reason.at)) : noValue,
                kind: reason.kind ? t(`loss-tamper.${reason.kind}` as MessageKey) : noValue,
              })}
            </li>
          );
        })}
      </ul>
    </>
  );
}

function Evidence(props: { readonly answer: LossSuspects; readonly suspect: Suspect }) {
  const { t, f } = useLocale();
  const { answer, suspect } = props;
  const largest = Math.max(
    ...[...answer.dailyLossWh, ...suspect.dailyWh].map((value) => Math.abs(value ?? 0)),
  );
  const label = t("loss.evidence", { pod: suspect.pod });
  return (
    <figure>
      <figcaption className="e-small e-muted">{label}</figcaption>
      <Bars
        label={label}
        unit={displayUnit("Wh", largest)}
        bars={answer.days.map((day, nth) => ({
          key: day,
          label: f.dayShort(day),
          value: answer.dailyLossWh[nth] ?? Number.NaN,
          before: suspect.dailyWh[nth] ?? undefined,
        }))}
      />
    </figure>
  );
}
