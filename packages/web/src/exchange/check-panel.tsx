import { Checkbox } from "@mantine/core";
import type { ExchangeCheck } from "../api/client.ts";
import { obisSymbol } from "../parts/obis.ts";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { AcrossExchange } from "./across.tsx";
import { doubtName, findingWords } from "./finding-words.ts";

/** What an exchange would do: what forbids it, what is doubtful and has to be said, what was counted, what the curve becomes. */
export function CheckPanel(props: {
  readonly check: ExchangeCheck;
  readonly accepted: ReadonlySet<string>;
  readonly onAccept: (doubt: string, accepted: boolean) => void;
}) {
  const locale = useLocale();
  const { t } = locale;
  const { check } = props;
  const refused = check.findings.filter((finding) => finding.refused);
  const doubtful = check.findings.filter((finding) => !finding.refused);
  return (
    <div className="e-stack">
      {refused.length > 0 ? (
        <div className="e-notice" role="alert">
          <strong>{t("exchange.refused")}</strong>
          <ul className="e-plain-list">
            {refused.map((finding) => (
              <li key={doubtName(finding)}>{findingWords(locale, finding)}</li>
            ))}
          </ul>
        </div>
      ) : null}
      {doubtful.length > 0 ? (
        <fieldset className="e-notice" data-tone="warning">
          <legend className="e-hidden">{t("exchange.doubtful")}</legend>
          <strong aria-hidden="true">{t("exchange.doubtful")}</strong>
          {doubtful.map((finding) => {
            const name = doubtName(finding);
            return (
              <Checkbox
                key={name}
                label={`${findingWords(locale, finding)} ${t("exchange.accept")}`}
                checked={props.accepted.has(name)}
                onChange={(event) => props.onAccept(name, event.currentTarget.checked)}
              />
            );
          })}
        </fieldset>
      ) : null}
      {check.findings.length === 0 ? (
        <div className="e-notice" data-tone="info" role="status">
          {t("exchange.all-well")}
        </div>
      ) : null}
      <Steps check={check} />
      {refused.length > 0 ? null : check.effects.length === 0 ? (
        <p className="e-muted">{t("exchange.no-effect")}</p>
      ) : (
        check.effects.map((effect) => (
          <AcrossExchange key={`${effect.obis} ${effect.periodSeconds}`} effect={effect} />
        ))
      )}
    </div>
  );
}

function Steps({ check }: { readonly check: ExchangeCheck }) {
  const { t, f } = useLocale();
  if (check.steps.length === 0) return null;
  return (
    <section>
      <strong>{t("exchange.steps")}</strong>
      <Scrolled label={t("exchange.steps")}>
        <table className="e-list-table e-block-table">
          <thead>
            <tr>
              <th scope="col">{t("exchange.register")}</th>
              <th scope="col" className="e-num">
                {t("exchange.since")}
              </th>
              <th scope="col" className="e-num">
                {t("exchange.step-last")}
              </th>
              <th scope="col" className="e-num">
                {t("exchange.energy")}
              </th>
            </tr>
          </thead>
          <tbody>
            {check.steps.map((step) => (
              <tr key={step.obis}>
                <th scope="row">{obisSymbol(step.obis)}</th>
                <td className="e-num" data-label={t("exchange.since")}>
                  {step.before === null ? (
                    noValue
                  ) : (
                    <>
                      {f.decimal(step.before)} {step.unit}
                      <div className="e-muted e-small">
                        {step.beforeAt === null ? null : f.instant(Date.parse(step.beforeAt))}
                      </div>
                    </>
                  )}
                </td>
                <td className="e-num" data-label={t("exchange.step-last")}>
                  {f.decimal(step.last)} {step.unit}
                </td>
                <td className="e-num" data-label={t("exchange.energy")}>
                  {step.energy === null ? noValue : `${f.decimal(step.energy)} ${step.unit}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}
