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
import { PlaceModemForm } from "./forms.tsx";

/** One modem: what is on its plate, what it served, the cards that sat in it; also as it was on a day. */
export function ModemPage() {
  const { t } = useLocale();
  const { modemId } = useParams({ from: "/inside/cfg/modems/$modemId" });
  const may = useMay();
  const [moves, setMoves] = useState(false);
  const { on } = useSearch({ from: "/inside/cfg/modems/$modemId" });
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: ["modem", modemId, on ?? "now"],
    queryFn: ({ signal }) => api.modem(modemId, signal, on),
  });
  const onDate = (
    <OnDate
      on={on}
      what={t("modems.on-what")}
      onChange={(next) =>
        void navigate({
          to: "/cfg/modems/$modemId",
          params: { modemId },
          search: next === undefined ? {} : { on: next },
          replace: true,
        })
      }
    />
  );
  const crumbs = [{ label: t("nav.configure") }, { label: t("nav.modems"), to: "/cfg/modems" }];
  if (query.isPending) return <Waiting />;
  const modem = query.data;
  if (!modem)
    return (
      <>
        <PageHead crumbs={crumbs} title={t("nav.modems")} />
        {on === undefined ? null : onDate}
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  return (
    <>
      <PageHead
        crumbs={[...crumbs, { label: modem.serial }]}
        title={`${t("modems.modem")} ${modem.serial}`}
        actions={<ItsLog search={{ object: "modem", id: String(modemId) }} />}
      />
      <div className="e-stack">
        {onDate}
        <section className="e-panel">
          <div className="e-panel-head">
            <h2>{t("modems.data")}</h2>
          </div>
          <dl className="e-panel-body e-facts">
            <dt>{t("modems.type")}</dt>
            <dd>{modem.type}</dd>
            <dt>{t("modems.imei")}</dt>
            <dd className="e-num">{modem.imei ?? noValue}</dd>
            <dt>{t("modems.sim")}</dt>
            <dd>
              {modem.simId === null ? (
                noValue
              ) : (
                <Link to="/cfg/sims/$simId" params={{ simId: modem.simId }} className="e-num">
                  {modem.iccid}
                </Link>
              )}
            </dd>
            <dt>{t("modems.note")}</dt>
            <dd className="e-break">{modem.note || noValue}</dd>
          </dl>
        </section>
        <DatedTable
          title={t("modems.placements")}
          head={t("modems.serves")}
          rows={modem.placements}
          what={({ gatewayId, meterId, serves }) =>
            gatewayId !== null && may("equipment.see") ? (
              <Link to="/cfg/equipment/$gatewayId" params={{ gatewayId }}>
                {serves}
              </Link>
            ) : meterId !== null && may("meters.see") ? (
              <Link to="/cfg/meters/$meterId" params={{ meterId }}>
                {serves}
              </Link>
            ) : (
              serves
            )
          }
          action={
            may("modems.change") && on === undefined ? (
              <Button variant="default" size="xs" onClick={() => setMoves(true)}>
                {t("modems.place-modem")}
              </Button>
            ) : undefined
          }
        />
        <DatedTable
          title={t("modems.cards")}
          head={t("modems.iccid")}
          rows={modem.cards}
          what={({ simId, iccid }) => (
            <Link to="/cfg/sims/$simId" params={{ simId }} className="e-num">
              {iccid}
            </Link>
          )}
        />
      </div>
      <Modal
        opened={moves}
        onClose={() => setMoves(false)}
        title={t("modems.place-modem")}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {moves ? <PlaceModemForm modem={modem} onEnd={() => setMoves(false)} /> : null}
      </Modal>
    </>
  );
}
