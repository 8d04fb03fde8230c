import "../parts/form-texts.ts";
import "./texts.ts";
import type { Concentrator } from "../api/client.ts";
import { Scrolled } from "../parts/scrolled.tsx";
import { type Translate, useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";

const ownershipWord = (ownership: Concentrator["ownership"], t: Translate): string =>
  ownership === "adopted" ? t("gateway-was.adopted") : t(`equipment.${ownership}`);

/** What a concentrator is called, whose it is and where it stands, now or on the day that is looked at. */
export function WasData({ concentrator: found }: { readonly concentrator: Concentrator }) {
  const { t, f } = useLocale();
  return (
    <section className="e-panel" aria-labelledby="was-data">
      <div className="e-panel-head">
        <h2 id="was-data">{t("gateway-was.data")}</h2>
      </div>
      <dl className="e-panel-body e-facts">
        <dt>{t("equipment.name")}</dt>
        <dd>{[found.name, found.identity].filter(Boolean).join(" · ")}</dd>
        <dt>{t("equipment.branch")}</dt>
        <dd>{found.branch.join(" › ") || noValue}</dd>
        <dt>{t("gateway-was.address")}</dt>
        <dd>{found.address || noValue}</dd>
        <dt>{t("gateway-was.ownership")}</dt>
        <dd>{ownershipWord(found.ownership, t)}</dd>
        <dt>{t("gateway-was.since")}</dt>
        <dd>{f.instant(Date.parse(found.since))}</dd>
      </dl>
    </section>
  );
}

/** All that it was, each with who ended it and why. */
export function WasBefore({ concentrator }: { readonly concentrator: Concentrator }) {
  const { t, f } = useLocale();
  const before = concentrator.versions.filter(({ to }) => to !== null);
  return (
    <section className="e-panel" aria-labelledby="was-before">
      <div className="e-panel-head">
        <h2 id="was-before">{t("gateway-was.history")}</h2>
      </div>
      {before.length === 0 ? (
        <p className="e-panel-body e-muted">{t("gateway-was.none")}</p>
      ) : (
        <Scrolled label={t("gateway-was.history")}>
          <table className="e-list-table">
            <thead>
              <tr>
                <th scope="col">{t("equipment.name")}</th>
                <th scope="col">{t("equipment.branch")}</th>
                <th scope="col">{t("gateway-was.address")}</th>
                <th scope="col">{t("gateway-was.ownership")}</th>
                <th scope="col">{t("gateway-was.from")}</th>
                <th scope="col">{t("gateway-was.until")}</th>
                <th scope="col">{t("gateway-was.by")}</th>
                <th scope="col">{t("form.reason")}</th>
              </tr>
            </thead>
            <tbody>
              {before.map((version) => (
                <tr key={version.from}>
                  <td>{version.name || noValue}</td>
                  <td>{version.branch.join(" › ") || noValue}</td>
                  <td>{version.address || noValue}</td>
                  <td>{ownershipWord(version.ownership, t)}</td>
                  <td className="e-nowrap">{f.instant(Date.parse(version.from))}</td>
                  <td className="e-nowrap">
                    {version.to === null ? noValue : f.instant(Date.parse(version.to))}
                  </td>
                  <td>{version.endedBy ?? noValue}</td>
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
