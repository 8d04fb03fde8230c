import type { TrialResult } from "../api/client.ts";
import { obisSymbol, rawRegister, shownRegister } from "../parts/obis.ts";
import { useLocale } from "../text/provider.tsx";

/** What a device said about itself when it was tried. */
export function TrialFindings({ found }: { readonly found: TrialResult }) {
  const { t, f } = useLocale();
  return (
    <section className="e-panel" aria-labelledby="found">
      <div className="e-panel-head">
        <h2 id="found">{t("add.found")}</h2>
      </div>
      <dl className="e-panel-body e-facts">
        <dt>{t("add.identity")}</dt>
        <dd>{found.identity}</dd>
        <dt>{t("add.manufacturer")}</dt>
        <dd>{found.manufacturer}</dd>
        <dt>{t("add.model")}</dt>
        <dd>{found.model}</dd>
        <dt>{t("add.clock")}</dt>
        <dd className="e-num">
          {found.clockOffsetMs === null ? "–" : `${f.signed(found.clockOffsetMs / 1000, 1)} s`}
        </dd>
        <dt>{t("add.profile")}</dt>
        <dd>
          {found.profile
            ? t("add.profile-value", {
                period: f.duration(found.profile.periodSeconds * 1000),
                columns: found.profile.columns.length,
              })
            : t("add.profile-none")}
        </dd>
        <dt>{t("add.registers")}</dt>
        <dd>
          <ul className="e-found-registers">
            {found.registers.map((register) => (
              <li
                key={register.obis}
                className="e-num"
                title={`${register.obis} · ${rawRegister(register.value, register.unit)}`}
              >
                <span className="e-muted">{obisSymbol(register.obis)}</span>{" "}
                {f.decimal(shownRegister(register.value, register.unit).value)}{" "}
                {shownRegister(register.value, register.unit).unit}
              </li>
            ))}
          </ul>
        </dd>
      </dl>
    </section>
  );
}
