import type { ExchangeCheck } from "../api/client.ts";
import { Mark } from "../parts/marks.tsx";
import { obisSymbol } from "../parts/obis.ts";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";

type Effect = ExchangeCheck["effects"][number];

const height = 96;

/** The curve of one quantity across the exchange, as bars and as a table: what is, what would be, and which interval both meters share. */
export function AcrossExchange({ effect }: { readonly effect: Effect }) {
  const { t, f } = useLocale();
  const { after, before, straddle, periodSeconds, unit, scale } = effect;
  const startMs = Date.parse(effect.start);
  const quantity = obisSymbol(effect.obis);
  const energy = (value: number | null) =>
    value === null ? noValue : `${f.decimal((value * 10 ** scale).toFixed(Math.max(0, -scale)))} ${unit}`;
  const most = Math.max(1, ...after.map((value) => value ?? 0));
  const width = 100 / Math.max(1, after.length);
  return (
    <section className="e-stack" aria-label={t("exchange.curve", { quantity })}>
      <strong>{t("exchange.curve", { quantity })}</strong>
      <p>
        {t("exchange.curve-lead", {
          missing: effect.missing,
          days: effect.days,
          before: energy(effect.sumBefore),
          after: energy(effect.sumAfter),
        })}
      </p>
      <svg className="e-across" viewBox={`0 0 100 ${height}`} preserveAspectRatio="none" aria-hidden="true">
        {after.map((value, slot) => {
          const size = ((value ?? 0) / most) * (height - 4);
          return (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: the place is what names an interval here.
              key={slot}
              data-kind={slot === straddle ? "shared" : "plain"}
              x={slot * width + width * 0.1}
              y={height - size}
              width={width * 0.8}
              height={size}
            />
          );
        })}
        <line x1="0" x2="100" y1={height - 0.5} y2={height - 0.5} />
      </svg>
      <Scrolled label={t("exchange.curve", { quantity })}>
        <table className="e-list-table">
          <thead>
            <tr>
              <th scope="col">{t("exchange.interval")}</th>
              <th scope="col" className="e-num">
                {t("exchange.now")}
              </th>
              <th scope="col" className="e-num">
                {t("exchange.then")}
              </th>
            </tr>
          </thead>
          <tbody>
            {after.map((value, slot) => {
              const from = startMs + slot * periodSeconds * 1000;
              // Two before and two after say enough on a screen; the bars show the rest.
              const middle = straddle ?? after.length / 2;
              if (Math.abs(slot - middle) > 2) return null;
              return (
                <tr key={from}>
                  <td className="e-nowrap">
                    {f.clock(from)}–{f.clock(from + periodSeconds * 1000)}{" "}
                    {slot === straddle ? (
                      <Mark shape="◆" tone="accent">
                        {t("exchange.shared")}
                      </Mark>
                    ) : null}
                  </td>
                  <td className="e-num">{energy(before[slot] ?? null)}</td>
                  <td className="e-num">{energy(value)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}
