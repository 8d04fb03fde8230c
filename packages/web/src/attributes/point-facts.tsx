import "./texts.ts";
import { Button, Modal } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Point } from "../api/client.ts";
import { ReasonForm } from "../places/location-forms.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { ChangeForm } from "./change-form.tsx";
import { MoveForm } from "./move-form.tsx";
import { type Attribute, attributeWords } from "./values.ts";

const shown: readonly Exclude<Attribute, "checkPointId" | "locationId">[] = [
  "phases",
  "voltage",
  "direction",
  "category",
  "approvedPowerW",
  "isProtected",
  "exportContract",
  "expectedYearWh",
];

/** What a point is; who may, changes it from a date on. A past state is only looked at. */
export function PointFacts({ point }: { readonly point: Point }) {
  const locale = useLocale();
  const { t } = locale;
  const may = useMay();
  const [changing, setChanging] = useState(false);
  const [dialog, setDialog] = useState<"move" | "remove">();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const end = () => setDialog(undefined);
  // Whether something hangs on it the server says; these say at a glance that it was used.
  const unused = point.installations.length === 0 && point.channels.length === 0;
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("config.point")}</h2>
        {may("points.change") && !changing && point.on === null ? (
          <span className="e-row">
            {unused ? (
              <Button variant="default" size="xs" onClick={() => setDialog("remove")}>
                {t("attributes.remove")}
              </Button>
            ) : null}
            {may("locations.see") ? (
              <Button variant="default" size="xs" onClick={() => setDialog("move")}>
                {t("attributes.move")}
              </Button>
            ) : null}
            <Button variant="default" size="xs" onClick={() => setChanging(true)}>
              {t("attributes.change")}
            </Button>
          </span>
        ) : null}
      </div>
      {changing && point.on === null ? (
        <ChangeForm point={point} onEnd={() => setChanging(false)} />
      ) : (
        <dl className="e-panel-body e-facts">
          <dt>{t("points.pod")}</dt>
          <dd className="e-num">{point.pod}</dd>
          <dt>{t("points.name")}</dt>
          <dd>{point.name || noValue}</dd>
          <dt>{t("config.address")}</dt>
          <dd>{point.address}</dd>
          <dt>{t("config.branch")}</dt>
          <dd>{point.branch.join(" › ")}</dd>
          {shown.map((attribute) => (
            <Fact key={attribute} label={t(`attribute.${attribute}`)}>
              {attributeWords(locale, attribute, point[attribute])}
            </Fact>
          ))}
          <Fact label={t("attribute.checkPointId")}>
            {point.checkPoint ? (
              <Link to="/points/$pointId" params={{ pointId: point.checkPoint.pointId }}>
                {point.checkPoint.pod}
              </Link>
            ) : (
              noValue
            )}
          </Fact>
        </dl>
      )}
      <Modal
        opened={dialog !== undefined}
        onClose={end}
        size="lg"
        title={dialog === undefined ? "" : t(`attributes.${dialog}-title`)}
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {dialog === "move" ? <MoveForm point={point} onEnd={end} /> : null}
        {dialog === "remove" ? (
          <>
            <p className="e-muted">{t("attributes.remove-lead")}</p>
            <ReasonForm
              run={async (reason) => {
                await api.removePoint(point.pointId, reason);
                await navigate({
                  to: "/cfg/locations/$locationId",
                  params: { locationId: point.locationId },
                });
                await queries.invalidateQueries({ queryKey: ["points"] });
              }}
              onEnd={end}
            />
          </>
        ) : null}
      </Modal>
    </section>
  );
}

function Fact(props: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </>
  );
}
