import { Link } from "@tanstack/react-router";
import type { Point } from "../api/client.ts";
import { ConcentratorMark, MeterMark } from "../equipment/marks.tsx";
import { Mark, PointMark } from "../parts/marks.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";

type Chain = NonNullable<Point["chain"]>;
/** Which link of the chain is silent, from the centre downwards: what is behind a silent one cannot be judged. */
export type SilentPart = "link" | "concentrator" | "module" | "meter";

export function silentPart(chain: Chain): SilentPart | undefined {
  if (chain.gatewayState === "shutdown") return "concentrator";
  if (chain.gatewayState !== "online") return "link";
  if (chain.moduleState === "missing") return "module";
  return chain.meterState === "missing" ? "meter" : undefined;
}

/** Point, meter, module, concentrator and link, each with its state, and which one is silent. */
export function PointChain({ point, chain }: { readonly point: Point; readonly chain: Chain }) {
  const { t, f } = useLocale();
  const may = useMay();
  const meter = point.installations.find((installation) => installation.to === null);
  const silent = silentPart(chain);
  const when = (at: string | null) => (at === null ? null : f.instant(Date.parse(at)));
  return (
    <section className="e-panel" aria-labelledby="chain">
      <div className="e-panel-head">
        <h2 id="chain">{t("chain.title")}</h2>
      </div>
      <div className="e-panel-body e-stack">
        {silent ? <p role="status">{t(`chain.silent-${silent}`)}</p> : null}
        <ol className="e-stack" style={{ gap: 8 }}>
          <li className="e-row">
            <strong>{t("chain.point")}</strong> <PointMark state={point.state} />
          </li>
          <li className="e-row">
            <strong>{t("chain.meter")}</strong> <MeterMark state={chain.meterState} />
            <span className="e-muted e-small">
              {[meter?.serial, when(chain.meterContactAt)].filter(Boolean).join(" · ")}
            </span>
          </li>
          {chain.module === null || chain.moduleState === null ? null : (
            <li className="e-row">
              <strong>{t("chain.module")}</strong> <MeterMark state={chain.moduleState} />
              <span className="e-muted e-small">
                {[chain.module, chain.input === null ? null : t("equipment.input", { input: chain.input })]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </li>
          )}
          <li className="e-row">
            <strong>{t("chain.concentrator")}</strong> <ConcentratorMark state={chain.gatewayState} />
            {may("equipment.see") ? (
              <Link to="/cfg/equipment/$gatewayId" params={{ gatewayId: chain.gatewayId }}>
                {chain.gateway}
              </Link>
            ) : (
              chain.gateway
            )}
            <span className="e-muted e-small">{chain.line && t("equipment.line", { line: chain.line })}</span>
          </li>
          <li className="e-row">
            <strong>{t("chain.link")}</strong>
            <Mark shape={chain.hasLine ? "●" : "■"} tone={chain.hasLine ? "ok" : "bad"}>
              {t(chain.hasLine ? "chain.stands" : "chain.no-line")}
            </Mark>
            <span className="e-muted e-small">{when(chain.gatewayContactAt)}</span>
          </li>
        </ol>
      </div>
    </section>
  );
}
