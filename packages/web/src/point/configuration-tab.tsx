import "../exchange/texts.ts";
import { Button, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Point } from "../api/client.ts";
import { ChangeList } from "../attributes/change-list.tsx";
import { OnDate } from "../attributes/on-date.tsx";
import { PointFacts } from "../attributes/point-facts.tsx";
import { ExchangeList } from "../exchange/exchange-list.tsx";
import { PointKeys } from "../keys/point-keys.tsx";
import { ItsLog } from "../log/its-log.tsx";
import { Mark } from "../parts/marks.tsx";
import { RatioChange } from "../ratios/ratio-change.tsx";
import { RequestList } from "../ratios/request-list.tsx";
import { requestsQuery } from "../ratios/requests-query.ts";
import { useMay } from "../session.ts";
import { problemWords } from "../text/problem-words.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { PlanForm } from "./plan-form.tsx";
import type { TabProps } from "./point-page.tsx";
import { PulseCheck } from "./pulse-check.tsx";
import { withOn } from "./search.ts";

/** What the point is, the meters that stood at it, and the device that is talked to. */
export function ConfigurationTab({ point, search, change }: TabProps) {
  const { t } = useLocale();
  return (
    <div className="e-stack">
      {search.on === undefined ? (
        <OnDate what={t("on.what-point")} on={undefined} onChange={(on) => change(withOn(search, on))} />
      ) : null}
      <Installations point={point} />
      <ExchangeList pointId={point.pointId} />
      <div className="e-pair">
        <PointFacts point={point} />
        <DeviceFacts point={point} />
      </div>
      <ChangeList pointId={point.pointId} />
      <PointKeys point={point} />
    </div>
  );
}

function Installations({ point }: { readonly point: Point }) {
  const { t, f } = useLocale();
  const may = useMay();
  const [changing, setChanging] = useState(false);
  const requests = useQuery(requestsQuery({ pointId: point.pointId })).data?.rows ?? [];
  const isAsked = requests.some(({ state }) => state === "open");
  const standing = point.installations.find((installation) => installation.to === null);
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("config.installations")}</h2>
        {standing && point.on === null && may("points.change") ? (
          <span className="e-row">
            {changing || isAsked ? null : (
              <Button variant="default" size="xs" onClick={() => setChanging(true)}>
                {t("ratios.change")}
              </Button>
            )}
            <Button
              size="xs"
              renderRoot={(given) => (
                <Link to="/points/$pointId/exchange" params={{ pointId: point.pointId }} {...given} />
              )}
            >
              {t("exchange.title")}
            </Button>
          </span>
        ) : null}
      </div>
      {changing && standing ? (
        <RatioChange point={point} installation={standing} onEnd={() => setChanging(false)} />
      ) : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard. */}
      <section className="e-scroll-x" tabIndex={0} aria-label={t("config.installations")}>
        <table className="e-list-table">
          <thead>
            <tr>
              <th scope="col">{t("config.meter")}</th>
              <th scope="col">{t("config.model")}</th>
              <th scope="col">{t("config.from")}</th>
              <th scope="col">{t("config.to")}</th>
              <th scope="col" className="e-num">
                {t("config.ratio")}
              </th>
              <th scope="col" className="e-num">
                {t("config.factor")}
              </th>
              <th scope="col" className="e-num">
                {t("config.constants")}
              </th>
            </tr>
          </thead>
          <tbody>
            {point.installations.map((installation) => (
              <tr key={installation.installationId}>
                <td>
                  {installation.manufacturer} <span className="e-num">{installation.serial}</span>
                </td>
                <td>{installation.model}</td>
                <td>{f.instant(Date.parse(installation.from))}</td>
                <td>
                  {installation.to ? (
                    f.instant(Date.parse(installation.to))
                  ) : (
                    <Mark shape="●" tone="ok">
                      {t("config.standing")}
                    </Mark>
                  )}
                </td>
                <td className="e-num">
                  {f.decimal(installation.ctRatio)} × {f.decimal(installation.vtRatio)}
                  {installation.primaryValues ? <div className="e-muted">{t("config.primary")}</div> : null}
                </td>
                <td className="e-num">{f.decimal(installation.factor)}</td>
                <td className="e-num">
                  {installation.ledPulsesPerKwh === null
                    ? noValue
                    : `${f.decimal(installation.ledPulsesPerKwh)} imp/kWh`}
                  {installation.outputPulseWh === null ? null : (
                    <div className="e-nowrap">{f.decimal(installation.outputPulseWh)} Wh/imp</div>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {standing && (standing.ledPulsesPerKwh ?? standing.outputPulseWh) !== null ? (
        <PulseCheck pointId={point.pointId} />
      ) : null}
      {requests.length > 0 ? (
        <>
          <h3 className="e-panel-body">{t("ratios.requests")}</h3>
          <RequestList rows={requests} />
        </>
      ) : null}
    </section>
  );
}

function DeviceFacts({ point }: { readonly point: Point }) {
  const { t, f } = useLocale();
  const may = useMay();
  const [planning, setPlanning] = useState(false);
  const { device } = point;
  const instant = (text: string | null) => (text ? f.instant(Date.parse(text)) : noValue);
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("config.device")}</h2>
        {device ? (
          <span className="e-row">
            {may("devices.change") && point.on === null && point.chain === null ? (
              <Button variant="default" size="xs" onClick={() => setPlanning(true)}>
                {t("plan.change")}
              </Button>
            ) : null}
            <ItsLog small search={{ object: "device", id: String(device.deviceId) }} />
          </span>
        ) : null}
      </div>
      {device ? (
        <dl className="e-panel-body e-facts">
          <dt>{t("config.identity")}</dt>
          <dd>{device.identity}</dd>
          <dt>{t("config.model")}</dt>
          <dd>{device.model}</dd>
          <dt>{t("config.url")}</dt>
          <dd>{device.url}</dd>
          <dt>{t("config.calls")}</dt>
          <dd>{t(`config.${device.direction}`)}</dd>
          <dt>{t("overview.plan")}</dt>
          <dd>
            {point.plan
              ? t("overview.plan-every", {
                  name: point.plan.name,
                  every: f.duration(point.plan.everySeconds * 1000),
                })
              : point.chain
                ? t("plan.by-concentrator")
                : t("plan.none")}
            {point.planFrom.kind === "network" ? null : (
              <span className="e-muted"> · {planFrom(t, point.planFrom)}</span>
            )}
          </dd>
          <dt>{t("config.enabled")}</dt>
          <dd>{device.enabled ? t("common.yes") : t("common.no")}</dd>
          <dt>{t("points.last-contact")}</dt>
          <dd className="e-num">{instant(device.lastContactAt)}</dd>
          <dt>{t("config.last-success")}</dt>
          <dd className="e-num">{instant(device.lastSuccessAt)}</dd>
          <dt>{t("config.last-error")}</dt>
          <dd>
            {device.lastErrorCode
              ? `${t(problemWords(device.lastErrorCode).what)} (${device.lastErrorCode})`
              : noValue}
          </dd>
          <dt>{t("config.clock")}</dt>
          <dd className="e-num">
            {device.clockOffsetMs === null ? noValue : `${f.signed(device.clockOffsetMs / 1000, 1)} s`}
          </dd>
        </dl>
      ) : (
        <p className="e-panel-body e-muted">{t("config.no-device")}</p>
      )}
      <Modal
        opened={planning}
        onClose={() => setPlanning(false)}
        size="lg"
        title={t("plan.change")}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {planning ? (
          <PlanForm
            planName={point.plan?.name ?? null}
            changes={[["point"]]}
            give={(given) => api.setPointPlan(point.pointId, given)}
            {...(point.planFrom.kind === "own"
              ? {
                  end: {
                    label: t("plan.end-own"),
                    run: (reason: string) => api.endPointPlan(point.pointId, { reason }),
                  },
                }
              : {})}
            onEnd={() => setPlanning(false)}
          />
        ) : null}
      </Modal>
    </section>
  );
}

const planFrom = (t: ReturnType<typeof useLocale>["t"], { kind, group }: Point["planFrom"]): string => {
  if (kind === "own") return t("plan.from-own");
  return group ? t("plan.from-group", { name: group.name }) : t("plan.from-other");
};
