import "./texts.ts";
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Point } from "../api/client.ts";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { ChangeForm } from "./change-form.tsx";
import { type Attribute, attributeWords } from "./values.ts";

const shown: readonly Exclude<Attribute, "checkPointId">[] = [
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
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("config.point")}</h2>
        {may("points.change") && !changing && point.on === null ? (
          <Button variant="default" size="xs" onClick={() => setChanging(true)}>
            {t("attributes.change")}
          </Button>
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
