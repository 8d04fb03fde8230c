import "../parts/form-texts.ts";
import "../meters/texts.ts";
import "./texts.ts";
import { Button, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Fitting, type Location } from "../api/client.ts";
import { OnDate } from "../attributes/on-date.tsx";
import { ItsLog } from "../log/its-log.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useMay } from "../session.ts";
import type { MessageKey } from "../text/catalogue.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { Fittings } from "./fittings.tsx";
import { EndForm, FittingForm, LocationForm, ReasonForm } from "./location-forms.tsx";
import { PointForm } from "./point-form.tsx";

type Dialog =
  | "change"
  | "undo"
  | "point-add"
  | "fitting-add"
  | { readonly end: Fitting }
  | { readonly withdraw: Fitting };

const titleOf = (dialog: Dialog): MessageKey =>
  typeof dialog === "string" ? `places.${dialog}` : "end" in dialog ? "places.end" : "places.withdraw";

/** One location: what it is, what stands and is fitted there, and all that it was; also as it was on a day. */
export function LocationPage() {
  const { t, f } = useLocale();
  const { locationId } = useParams({ from: "/inside/cfg/locations/$locationId" });
  const { on } = useSearch({ from: "/inside/cfg/locations/$locationId" });
  const navigate = useNavigate();
  const may = useMay();
  const [dialog, setDialog] = useState<Dialog>();
  const query = useQuery({
    queryKey: ["location", locationId, on ?? "now"],
    queryFn: ({ signal }) => api.location(locationId, signal, on),
  });
  const crumbs = [{ label: t("nav.configure") }, { label: t("nav.locations"), to: "/cfg/locations" }];
  if (query.isPending) return <Waiting />;
  const location = query.data;
  if (!location)
    return (
      <>
        <PageHead crumbs={crumbs} title={t("nav.locations")} />
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  const changes = may("locations.change") && on === undefined;
  const look = (next: string | undefined) =>
    void navigate({
      to: "/cfg/locations/$locationId",
      params: { locationId },
      search: next === undefined ? {} : { on: next },
      replace: true,
    });
  const end = () => setDialog(undefined);
  const button = (which: "change" | "undo" | "fitting-add") => (
    <Button variant="default" size="xs" onClick={() => setDialog(which)}>
      {t(`places.${which}`)}
    </Button>
  );
  return (
    <>
      <PageHead
        crumbs={[...crumbs, { label: location.code ?? location.address }]}
        title={location.address || noValue}
        actions={<ItsLog search={{ object: "location", id: String(locationId) }} />}
      />
      <div className="e-stack">
        <OnDate what={t("places.on-what")} on={on} onChange={look} />
        <section className="e-panel">
          <div className="e-panel-head">
            <h2>{t("places.data")}</h2>
            {changes ? (
              <span className="e-row">
                {location.versions.some(({ withdrawn }) => !withdrawn) ? button("undo") : null}
                {button("change")}
              </span>
            ) : null}
          </div>
          <dl className="e-panel-body e-facts">
            <dt>{t("places.code")}</dt>
            <dd>{location.code ?? noValue}</dd>
            <dt>{t("places.branch")}</dt>
            <dd>{location.branch.join(" › ")}</dd>
            <dt>{t("places.address")}</dt>
            <dd>{location.address || noValue}</dd>
            <dt>{t("places.position")}</dt>
            <dd>
              {location.latitude === null || location.longitude === null
                ? noValue
                : `${f.number(location.latitude, 6)}° N, ${f.number(location.longitude, 6)}° E`}
            </dd>
            <dt>{t("places.note")}</dt>
            <dd className="e-break">{location.note || noValue}</dd>
            <dt>{t("places.since")}</dt>
            <dd>{location.from === null ? t("places.always") : f.instant(Date.parse(location.from))}</dd>
          </dl>
        </section>
        <Points
          location={location}
          on={on}
          onAdd={may("points.change") && on === undefined ? () => setDialog("point-add") : undefined}
        />
        <section className="e-panel">
          <div className="e-panel-head">
            <h2>{t("places.fittings")}</h2>
            {changes ? button("fitting-add") : null}
          </div>
          <Fittings
            location={location}
            onEnd={changes ? (fitting) => setDialog({ end: fitting }) : undefined}
            onWithdraw={changes ? (fitting) => setDialog({ withdraw: fitting }) : undefined}
          />
        </section>
        <History location={location} />
      </div>
      <Modal
        opened={dialog !== undefined}
        onClose={end}
        size="lg"
        title={dialog === undefined ? "" : t(titleOf(dialog))}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {dialog === "change" ? <LocationForm location={location} onEnd={end} /> : null}
        {dialog === "undo" ? (
          <ReasonForm run={(reason) => api.undoLocationChange(locationId, { reason })} onEnd={end} />
        ) : null}
        {dialog === "point-add" ? <PointForm locationId={locationId} onEnd={end} /> : null}
        {dialog === "fitting-add" ? <FittingForm location={location} onEnd={end} /> : null}
        {typeof dialog === "object" && "end" in dialog ? (
          <EndForm location={location} fitting={dialog.end} onEnd={end} />
        ) : null}
        {typeof dialog === "object" && "withdraw" in dialog ? (
          <ReasonForm
            run={(reason) => api.withdrawFitting(locationId, dialog.withdraw.fittingId, { reason })}
            onEnd={end}
          />
        ) : null}
      </Modal>
    </>
  );
}

function Points(props: {
  readonly location: Location;
  readonly on: string | undefined;
  readonly onAdd: (() => void) | undefined;
}) {
  const { location, on, onAdd } = props;
  const { t } = useLocale();
  const may = useMay();
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("places.there")}</h2>
        {onAdd ? (
          <Button variant="default" size="xs" onClick={onAdd}>
            {t("places.point-add")}
          </Button>
        ) : null}
      </div>
      {location.points.length === 0 ? (
        <p className="e-panel-body e-muted">{t("places.there-none")}</p>
      ) : (
        <Scrolled label={t("places.there")}>
          <table className="e-list-table">
            <thead>
              <tr>
                <th scope="col">{t("places.point")}</th>
                <th scope="col">{t("places.meter")}</th>
                <th scope="col">{t("places.gateway")}</th>
                <th scope="col" className="e-num">
                  {t("places.module")}
                </th>
              </tr>
            </thead>
            <tbody>
              {location.points.map((point) => (
                <tr key={point.pointId}>
                  <td>
                    {may("points.see") ? (
                      <Link
                        to="/points/$pointId"
                        params={{ pointId: point.pointId }}
                        search={on === undefined ? {} : { on }}
                      >
                        {point.pod}
                      </Link>
                    ) : (
                      point.pod
                    )}{" "}
                    <span className="e-muted">{point.name}</span>
                  </td>
                  <td>
                    {point.meterId === null ? (
                      noValue
                    ) : may("meters.see") ? (
                      <Link to="/cfg/meters/$meterId" params={{ meterId: point.meterId }}>
                        {`${point.manufacturer} ${point.serial}`}
                      </Link>
                    ) : (
                      `${point.manufacturer} ${point.serial}`
                    )}
                  </td>
                  <td>
                    {point.gatewayId === null ? (
                      noValue
                    ) : may("equipment.see") ? (
                      <Link to="/cfg/equipment/$gatewayId" params={{ gatewayId: point.gatewayId }}>
                        {point.gateway}
                      </Link>
                    ) : (
                      point.gateway
                    )}
                  </td>
                  <td className="e-num">{point.module ?? noValue}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      )}
    </section>
  );
}

function History({ location }: { readonly location: Location }) {
  const { t, f } = useLocale();
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("places.history")}</h2>
      </div>
      {location.versions.length === 0 ? (
        <p className="e-panel-body e-muted">{t("places.history-none")}</p>
      ) : (
        <Scrolled label={t("places.history")}>
          <table className="e-list-table">
            <thead>
              <tr>
                <th scope="col">{t("places.address")}</th>
                <th scope="col">{t("places.branch")}</th>
                <th scope="col">{t("places.from")}</th>
                <th scope="col">{t("places.until")}</th>
                <th scope="col">{t("places.ended-by")}</th>
                <th scope="col">{t("form.reason")}</th>
              </tr>
            </thead>
            <tbody>
              {location.versions.map((version) => (
                <tr
                  key={`${version.to} ${version.withdrawn}`}
                  className={version.withdrawn ? "e-muted" : undefined}
                >
                  <td>
                    {[version.code, version.address].filter(Boolean).join(" · ") || noValue}
                    {version.withdrawn ? ` (${t("places.undone")})` : ""}
                  </td>
                  <td>{version.branch.join(" › ")}</td>
                  <td className="e-nowrap">
                    {version.from === null ? noValue : f.instant(Date.parse(version.from))}
                  </td>
                  <td className="e-nowrap">{f.instant(Date.parse(version.to))}</td>
                  <td>{version.endedBy}</td>
                  <td className="e-break">{version.reason || noValue}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      )}
    </section>
  );
}
