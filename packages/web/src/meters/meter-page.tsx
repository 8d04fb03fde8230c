import "../parts/form-texts.ts";
import "./texts.ts";
import { Button, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Meter } from "../api/client.ts";
import { OnDate } from "../attributes/on-date.tsx";
import { ItsLog } from "../log/its-log.tsx";
import { Mark } from "../parts/marks.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { StateForm, TypeForm, UndoStateForm, VerificationForm, WithdrawalForm } from "./meter-forms.tsx";
import { MeterTests } from "./meter-tests.tsx";
import { MeterStateMark } from "./state-mark.tsx";

type Dialog = "next" | "undo-state" | "verify" | "set-type" | { readonly withdraw: number };

/** Whether the last thing of its life is a state that somebody entered, and not the first. */
const isEntered = ({ life: [last, before] }: Meter): boolean =>
  last !== undefined && before !== undefined && last.state !== "installed" && last.state !== "removed";

/** One meter: what is on its plate, its life from the factory to scrap, and its verifications; also as it was on a day. */
export function MeterPage() {
  const { t, f } = useLocale();
  const { meterId } = useParams({ from: "/inside/cfg/meters/$meterId" });
  const { on } = useSearch({ from: "/inside/cfg/meters/$meterId" });
  const navigate = useNavigate();
  const may = useMay();
  const [dialog, setDialog] = useState<Dialog>();
  const query = useQuery({
    queryKey: ["meter", meterId, on ?? "now"],
    queryFn: ({ signal }) => api.meter(meterId, signal, on),
  });
  const crumbs = [{ label: t("nav.configure") }, { label: t("nav.meters"), to: "/cfg/meters" }];
  if (query.isPending) return <Waiting />;
  const meter = query.data;
  if (!meter)
    return (
      <>
        <PageHead crumbs={crumbs} title={t("nav.meters")} />
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  const changes = may("meters.change") && on === undefined;
  const look = (next: string | undefined) =>
    void navigate({
      to: "/cfg/meters/$meterId",
      params: { meterId },
      search: next === undefined ? {} : { on: next },
      replace: true,
    });
  const button = (which: "next" | "undo-state" | "verify" | "set-type") => (
    <Button variant="default" size="xs" onClick={() => setDialog(which)}>
      {t(`meters.${which}`)}
    </Button>
  );
  const end = () => setDialog(undefined);
  return (
    <>
      <PageHead
        crumbs={[...crumbs, { label: meter.serial }]}
        title={`${meter.manufacturer} ${meter.serial}`}
        aside={<MeterStateMark state={meter.state} />}
        actions={<ItsLog search={{ object: "meter", id: String(meterId) }} />}
      />
      <div className="e-stack">
        <OnDate what={t("meters.on-what")} on={on} onChange={look} />
        <section className="e-panel">
          <div className="e-panel-head">
            <h2>{t("meters.data")}</h2>
            {changes ? button("set-type") : null}
          </div>
          <dl className="e-panel-body e-facts">
            <dt>{t("meters.type")}</dt>
            <dd>
              {meter.meterTypeId === null ? (
                noValue
              ) : (
                <Link to="/cfg/meter-types/$meterTypeId" params={{ meterTypeId: meter.meterTypeId }}>
                  {meter.typeName}
                </Link>
              )}
            </dd>
            <dt>{t("meters.mid-year")}</dt>
            <dd>{meter.midYear ?? noValue}</dd>
            <dt>{t("meters.phases")}</dt>
            <dd>{meter.phases}</dd>
            <dt>{t("meters.max-current")}</dt>
            <dd>{meter.maxCurrentA === null ? noValue : f.decimal(meter.maxCurrentA)}</dd>
            <dt>{t("meters.digits")}</dt>
            <dd>{meter.indexDigits}</dd>
            <dt>{t("meters.model")}</dt>
            <dd>{meter.model}</dd>
            <dt>{t("meters.due")}</dt>
            <dd>{meter.dueOn === null ? noValue : f.day(meter.dueOn)}</dd>
          </dl>
        </section>
        <section className="e-panel">
          <div className="e-panel-head">
            <h2>{t("meters.life")}</h2>
            {changes ? (
              <span className="e-row">
                {isEntered(meter) ? button("undo-state") : null}
                {meter.next.length > 0 ? button("next") : null}
              </span>
            ) : null}
          </div>
          <Life meter={meter} />
        </section>
        <section className="e-panel">
          <div className="e-panel-head">
            <h2>{t("meters.verifications")}</h2>
            {changes ? button("verify") : null}
          </div>
          <Verifications
            meter={meter}
            onWithdraw={changes ? (id) => setDialog({ withdraw: id }) : undefined}
          />
        </section>
        <MeterTests meter={meter} changes={changes} />
      </div>
      <Modal
        opened={dialog !== undefined}
        onClose={end}
        title={
          dialog === undefined ? "" : t(typeof dialog === "string" ? `meters.${dialog}` : "meters.withdraw")
        }
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {dialog === "next" ? <StateForm meter={meter} onEnd={end} /> : null}
        {dialog === "verify" ? <VerificationForm meter={meter} onEnd={end} /> : null}
        {dialog === "undo-state" ? <UndoStateForm meter={meter} onEnd={end} /> : null}
        {dialog === "set-type" ? <TypeForm meter={meter} onEnd={end} /> : null}
        {typeof dialog === "object" ? (
          <WithdrawalForm meter={meter} verificationId={dialog.withdraw} onEnd={end} />
        ) : null}
      </Modal>
    </>
  );
}

function Life({ meter }: { readonly meter: Meter }) {
  const { t, f } = useLocale();
  const may = useMay();
  if (meter.life.length === 0) return <p className="e-panel-body e-muted">{t("meters.life-none")}</p>;
  const where = (step: Meter["life"][number]) => {
    if (step.pointId !== null && step.pod !== null && may("points.see"))
      return (
        <Link to="/points/$pointId" params={{ pointId: step.pointId }} search={{}} className="e-num">
          {step.pod}
        </Link>
      );
    if (step.state === "installed" || step.state === "removed") return step.pod ?? t("meters.elsewhere");
    return step.place || noValue;
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
    <section className="e-scroll-x" tabIndex={0} aria-label={t("meters.life")}>
      <table className="e-list-table">
        <thead>
          <tr>
            <th scope="col">{t("meters.state")}</th>
            <th scope="col">{t("meters.at")}</th>
            <th scope="col">{t("meters.until")}</th>
            <th scope="col">{t("meters.place")}</th>
            <th scope="col">{t("form.reason")}</th>
            <th scope="col">{t("meters.by")}</th>
          </tr>
        </thead>
        <tbody>
          {meter.life.map((step) => (
            <tr key={`${step.from} ${step.state}`}>
              <td>
                <MeterStateMark state={step.state} />
              </td>
              <td className="e-nowrap">{f.instant(Date.parse(step.from))}</td>
              <td className="e-nowrap">
                {step.to === null ? t("types.still") : f.instant(Date.parse(step.to))}
              </td>
              <td>{where(step)}</td>
              <td className="e-break">{step.reason || noValue}</td>
              <td>{step.by || noValue}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Verifications(props: {
  readonly meter: Meter;
  readonly onWithdraw: ((id: number) => void) | undefined;
}) {
  const { t, f } = useLocale();
  const { meter, onWithdraw } = props;
  if (meter.verifications.length === 0)
    return <p className="e-panel-body e-muted">{t("meters.verifications-none")}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
    <section className="e-scroll-x" tabIndex={0} aria-label={t("meters.verifications")}>
      <table className="e-list-table">
        <thead>
          <tr>
            <th scope="col">{t("meters.verified-on")}</th>
            <th scope="col">{t("meters.kind")}</th>
            <th scope="col">{t("meters.result")}</th>
            <th scope="col">{t("meters.valid-until")}</th>
            <th scope="col">{t("meters.laboratory")}</th>
            <th scope="col">{t("meters.document")}</th>
            <th scope="col" aria-label={t("meters.withdraw")} />
          </tr>
        </thead>
        <tbody>
          {meter.verifications.map((each) => (
            <tr key={each.meterVerificationId}>
              <td className="e-nowrap">{f.day(each.verifiedOn)}</td>
              <td>{t(`meters.kind-${each.kind}`)}</td>
              <td>
                <Mark
                  shape={each.withdrawnBy !== null ? "⊘" : each.passed ? "●" : "■"}
                  tone={each.withdrawnBy !== null ? "muted" : each.passed ? "ok" : "bad"}
                >
                  {t(each.passed ? "meters.passed" : "meters.failed")}
                </Mark>
              </td>
              <td className="e-nowrap">{each.validUntil === null ? noValue : f.day(each.validUntil)}</td>
              <td>{each.laboratory}</td>
              <td>{each.document}</td>
              <td>
                {each.withdrawnBy !== null ? (
                  <span className="e-small e-muted">
                    {t("meters.withdrawn", { by: each.withdrawnBy, why: each.withdrawnWhy ?? "" })}
                  </span>
                ) : onWithdraw ? (
                  <Button
                    variant="subtle"
                    size="compact-sm"
                    onClick={() => onWithdraw(each.meterVerificationId)}
                  >
                    {t("meters.withdraw")}
                  </Button>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
