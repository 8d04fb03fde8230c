import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, type FieldTask, type Point } from "../api/client.ts";
import { ConcentratorMark } from "../equipment/marks.tsx";
import { PointMark } from "../parts/marks.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { NowLine } from "../point/now-line.tsx";
import { ReadProgress, useReadNow } from "../point/read-now.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";

/** What is known of the point, for who sees points; what each right lets do there. */
export function PointPlace({ task, pointId }: { readonly task: FieldTask; readonly pointId: number }) {
  const { t } = useLocale();
  const may = useMay();
  const see = may("points.see");
  const query = useQuery({
    queryKey: ["point", pointId],
    queryFn: ({ signal }) => api.point(pointId, signal),
    enabled: see,
  });
  return (
    <section className="e-panel" aria-labelledby="place">
      <div className="e-panel-head">
        <h2 id="place">{t("task.place")}</h2>
        {query.data ? <PointMark state={query.data.state} /> : null}
      </div>
      <div className="e-panel-body e-stack">
        {!see ? (
          <p className="e-field-place">
            {[task.pod, task.name, task.serial].filter((word) => word).join(" · ")}
          </p>
        ) : query.isPending ? (
          <Waiting />
        ) : query.data === undefined ? (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <KnownPoint point={query.data} open={task.state === "open"} />
        )}
      </div>
    </section>
  );
}

function KnownPoint({ point, open }: { readonly point: Point; readonly open: boolean }) {
  const { t } = useLocale();
  const may = useMay();
  const read = useReadNow(point);
  const { pointId, locationId } = point;
  const place = useQuery({
    queryKey: ["location", locationId, "note"],
    queryFn: ({ signal }) => api.location(locationId, signal),
    enabled: may("locations.see"),
  });
  const current = point.installations.find(({ to }) => to === null);
  return (
    <>
      <p className="e-field-place">
        {point.name ? <strong>{point.name}</strong> : null}
        {point.name ? <br /> : null}
        {point.address || noValue}
      </p>
      {place.data?.note ? (
        <p>
          <span className="e-muted">{t("task.place-note")}: </span>
          {place.data.note}
        </p>
      ) : null}
      <p>
        <span className="e-muted">{t("task.meter")}: </span>
        {current ? (
          <strong className="e-num">
            {current.serial} <span className="e-muted">({`${current.manufacturer} ${current.model}`})</span>
          </strong>
        ) : (
          noValue
        )}
      </p>
      <NowLine point={point} />
      <p className="e-row">
        <Link className="e-field-link" to="/points/$pointId" params={{ pointId }} search={{}}>
          {t("task.point")} {point.pod}
        </Link>
        {point.location ? (
          <a
            className="e-field-link"
            href={`geo:${point.location.latitude},${point.location.longitude}?q=${point.location.latitude},${point.location.longitude}`}
          >
            {t("task.map")}
          </a>
        ) : null}
        {may("locations.see") ? (
          <Link className="e-field-link" to="/cfg/locations/$locationId" params={{ locationId }} search={{}}>
            {t("task.location")}
          </Link>
        ) : null}
      </p>
      {open ? (
        <div className="e-field-actions">
          {may("points.command") ? (
            <Button
              size="md"
              disabled={!point.device}
              // Not `disabled` while it reads: that would take the focus away from whoever works by keyboard.
              {...(read.open ? { "data-disabled": true, "aria-disabled": true } : {})}
              onClick={() => void read.start()}
            >
              {t("point.read-now")}
            </Button>
          ) : null}
          {may("field-imports.see") ? (
            <Button
              size="md"
              variant="default"
              renderRoot={(rest) => <Link to="/cfg/field-imports" {...rest} />}
            >
              {t("task.hand-held")}
            </Button>
          ) : null}
          {may("points.change") && current ? (
            <Button
              size="md"
              variant="default"
              renderRoot={(rest) => <Link to="/points/$pointId/exchange" params={{ pointId }} {...rest} />}
            >
              {t("task.exchange")}
            </Button>
          ) : null}
        </div>
      ) : null}
      <ReadProgress read={read} pod={point.pod} />
    </>
  );
}

/** What is known of the concentrator, for who sees equipment. */
export function GatewayPlace(props: { readonly gatewayId: number; readonly name: string }) {
  const { t, f } = useLocale();
  const may = useMay();
  const { gatewayId } = props;
  const see = may("equipment.see");
  const query = useQuery({
    queryKey: ["equipment", gatewayId],
    queryFn: ({ signal }) => api.concentrator(gatewayId, signal),
    enabled: see,
  });
  return (
    <section className="e-panel" aria-labelledby="place">
      <div className="e-panel-head">
        <h2 id="place">{t("task.concentrator")}</h2>
        {query.data ? <ConcentratorMark state={query.data.state} /> : null}
      </div>
      <div className="e-panel-body e-stack">
        {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
        <p className="e-row">
          {see ? (
            <Link className="e-field-link" to="/cfg/equipment/$gatewayId" params={{ gatewayId }}>
              {props.name}
            </Link>
          ) : (
            <strong>{props.name}</strong>
          )}
          {query.data ? (
            <span>
              <span className="e-muted">{t("task.contact")}: </span>
              {query.data.lastContactAt === null ? noValue : f.instant(Date.parse(query.data.lastContactAt))}
            </span>
          ) : null}
        </p>
      </div>
    </section>
  );
}
