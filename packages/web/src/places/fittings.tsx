import { Button } from "@mantine/core";
import type { Fitting, Location } from "../api/client.ts";
import { Mark, type Tone } from "../parts/marks.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import type { MessageKey } from "../text/catalogue.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";

type Locale = Pick<ReturnType<typeof useLocale>, "t" | "f">;

/** What is known of a fitting, in one line. */
function factsOf({ t, f }: Locale, fitting: Fitting): string {
  const known = <Value,>(value: Value | null, words: (value: Value) => string) =>
    value === null ? "" : words(value);
  return [
    fitting.number ?? "",
    known(fitting.material, (material) => t(`places.material-${material}` as MessageKey)),
    known(fitting.wallMm, (mm) => t("places.walls", { mm: f.decimal(mm) })),
    known(fitting.locks, (count) => t("places.locks-count", { count })),
    known(fitting.keyMark, (mark) => t("places.key-mark", { mark })),
    fitting.ipClass ?? "",
    known(fitting.characteristic, (text) => text),
    known(fitting.ratedCurrentA, (a) => `${f.decimal(a)} A`),
    known(fitting.poles, (count) => t("places.poles-count", { count })),
    known(fitting.residualCurrentMa, (ma) => `${f.number(ma)} mA`),
  ]
    .filter(Boolean)
    .join(", ");
}

function stateOf({ outcome, withdrawnBy }: Fitting): [shape: string, tone: Tone, key: MessageKey] {
  const key: MessageKey = `places.outcome-${outcome ?? "there"}`;
  if (withdrawnBy !== null) return ["⊘", "muted", key];
  if (outcome === null) return ["●", "ok", key];
  return outcome === "broken" || outcome === "missing" ? ["■", "bad", key] : ["◌", "muted", key];
}

/** All that is and was fitted at a location, with who fitted it and how it ended. */
export function Fittings(props: {
  readonly location: Location;
  readonly onEnd: ((fitting: Fitting) => void) | undefined;
  readonly onWithdraw: ((fitting: Fitting) => void) | undefined;
}) {
  const locale = useLocale();
  const { t, f } = locale;
  const { location, onEnd, onWithdraw } = props;
  if (location.fittings.length === 0)
    return <p className="e-panel-body e-muted">{t("places.fittings-none")}</p>;
  return (
    <Scrolled label={t("places.fittings")}>
      <table className="e-list-table">
        <thead>
          <tr>
            <th scope="col">{t("places.fitting")}</th>
            <th scope="col">{t("places.label")}</th>
            <th scope="col">{t("places.facts")}</th>
            <th scope="col">{t("places.outcome")}</th>
            <th scope="col">{t("places.from")}</th>
            <th scope="col">{t("places.until")}</th>
            <th scope="col">{t("places.put-by")}</th>
            <th scope="col" aria-label={t("places.change")} />
          </tr>
        </thead>
        <tbody>
          {location.fittings.map((fitting) => {
            const [shape, tone, key] = stateOf(fitting);
            const name = [t(`places.kind-${fitting.kind}`), fitting.label, fitting.number]
              .filter(Boolean)
              .join(" ");
            return (
              <tr key={fitting.fittingId}>
                <td>{t(`places.kind-${fitting.kind}`)}</td>
                <td>{fitting.label || noValue}</td>
                <td>{factsOf(locale, fitting) || noValue}</td>
                <td>
                  <Mark shape={shape} tone={tone}>
                    {t(key)}
                  </Mark>
                </td>
                <td className="e-nowrap">{f.instant(Date.parse(fitting.from))}</td>
                <td className="e-nowrap">
                  {fitting.to === null ? t("places.still") : f.instant(Date.parse(fitting.to))}
                </td>
                <td>{fitting.putBy || fitting.by}</td>
                <td>
                  {fitting.withdrawnBy !== null ? (
                    <span className="e-small e-muted">
                      {t("places.withdrawn", { by: fitting.withdrawnBy, why: fitting.withdrawnWhy ?? "" })}
                    </span>
                  ) : (
                    <span className="e-row">
                      {onEnd && fitting.to === null ? (
                        <Button
                          variant="subtle"
                          size="compact-sm"
                          aria-label={`${t("places.end")} ${name}`}
                          onClick={() => onEnd(fitting)}
                        >
                          {t("places.end")}
                        </Button>
                      ) : null}
                      {onWithdraw ? (
                        <Button
                          variant="subtle"
                          size="compact-sm"
                          aria-label={`${t("places.withdraw")} ${name}`}
                          onClick={() => onWithdraw(fitting)}
                        >
                          {t("places.withdraw")}
                        </Button>
                      ) : null}
                    </span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scrolled>
  );
}
