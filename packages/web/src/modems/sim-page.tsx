import "./texts.ts";
import { Button, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client.ts";
import { OnDate } from "../attributes/on-date.tsx";
import { ItsLog } from "../log/its-log.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { DatedTable } from "./dated-table.tsx";
import { PlaceSimForm, SimStateForm } from "./forms.tsx";

/** One SIM card: its data, its states, the modems in which it sat; also as it was on a day. */
export function SimPage() {
  const { t } = useLocale();
  const { simId } = useParams({ from: "/inside/cfg/sims/$simId" });
  const may = useMay();
  const [dialog, setDialog] = useState<"place-sim" | "set-state">();
  const { on } = useSearch({ from: "/inside/cfg/sims/$simId" });
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: ["sim", simId, on ?? "now"],
    queryFn: ({ signal }) => api.sim(simId, signal, on),
  });
  const onDate = (
    <OnDate
      on={on}
      what={t("modems.on-what")}
      onChange={(next) =>
        void navigate({
          to: "/cfg/sims/$simId",
          params: { simId },
          search: next === undefined ? {} : { on: next },
          replace: true,
        })
      }
    />
  );
  const crumbs = [{ label: t("nav.configure") }, { label: t("nav.modems"), to: "/cfg/modems" }];
  if (query.isPending) return <Waiting />;
  const sim = query.data;
  if (!sim)
    return (
      <>
        <PageHead crumbs={crumbs} title={t("nav.modems")} />
        {on === undefined ? null : onDate}
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  const changes = may("modems.change") && sim.state !== "ended" && on === undefined;
  const button = (which: "place-sim" | "set-state") =>
    changes ? (
      <Button variant="default" size="xs" onClick={() => setDialog(which)}>
        {t(`modems.${which}`)}
      </Button>
    ) : undefined;
  const end = () => setDialog(undefined);
  return (
    <>
      <PageHead
        crumbs={[...crumbs, { label: sim.iccid }]}
        title={`${t("modems.sim")} ${sim.iccid}`}
        actions={<ItsLog search={{ object: "sim", id: String(simId) }} />}
      />
      <div className="e-stack">
        {onDate}
        <section className="e-panel">
          <div className="e-panel-head">
            <h2>{t("modems.data")}</h2>
          </div>
          <dl className="e-panel-body e-facts">
            <dt>{t("modems.state")}</dt>
            <dd>{t(`modems.state-${sim.state}`)}</dd>
            <dt>{t("modems.operator")}</dt>
            <dd>{sim.operator}</dd>
            <dt>{t("modems.apn")}</dt>
            <dd>{sim.apn || noValue}</dd>
            <dt>{t("modems.plan")}</dt>
            <dd>{sim.dataPlan || noValue}</dd>
            <dt>{t("modems.msisdn")}</dt>
            <dd className="e-num">{sim.msisdn || noValue}</dd>
            <dt>{t("modems.pin")}</dt>
            <dd>{sim.hasPin ? t("modems.pin-kept") : noValue}</dd>
          </dl>
        </section>
        <DatedTable
          title={t("modems.states")}
          head={t("modems.state")}
          rows={sim.states}
          what={({ state }) => t(`modems.state-${state}`)}
          action={button("set-state")}
        />
        <DatedTable
          title={t("modems.its-modems")}
          head={t("modems.modem")}
          rows={sim.placements}
          what={({ modemId, modem }) => (
            <Link to="/cfg/modems/$modemId" params={{ modemId }}>
              {modem}
            </Link>
          )}
          action={button("place-sim")}
        />
      </div>
      <Modal
        opened={dialog !== undefined}
        onClose={end}
        title={dialog ? t(`modems.${dialog}`) : ""}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {dialog === "place-sim" ? <PlaceSimForm sim={sim} onEnd={end} /> : null}
        {dialog === "set-state" ? <SimStateForm sim={sim} onEnd={end} /> : null}
      </Modal>
    </>
  );
}
