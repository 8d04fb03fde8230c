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
        {silent ? (
          <p role="status" className="e-notice" data-tone={silent === "link" ? "bad" : "warning"}>
            {t(`chain.silent-${silent}`)}
          </p>
        ) : null}
        <dl className="e-facts">
          <dt>{t("chain.point")}</dt>
          <dd>
            <PointMark state={point.state} />
          </dd>
          <dt>{t("chain.meter")}</dt>
          <dd>
            <MeterMark state={chain.meterState} />
            <Note parts={[meter?.serial, when(chain.meterContactAt)]} />
          </dd>
          {chain.module === null || chain.moduleState === null ? null : (
            <>
              <dt>{t("chain.module")}</dt>
              <dd>
                <MeterMark state={chain.moduleState} />
                <Note
                  parts={[
                    chain.module,
                    chain.input === null ? null : t("equipment.input", { input: chain.input }),
                  ]}
                />
              </dd>
            </>
          )}
          <dt>{t("chain.concentrator")}</dt>
          <dd>
            <span className="e-row">
              <ConcentratorMark state={chain.gatewayState} />
              {may("equipment.see") ? (
                <Link
                  to="/cfg/equipment/$gatewayId"
                  params={{ gatewayId: chain.gatewayId }}
                  className="e-target"
                >
                  {chain.gateway}
                </Link>
              ) : (
                chain.gateway
              )}
            </span>
            <Note parts={[chain.line && t("equipment.line", { line: chain.line })]} />
          </dd>
          <dt>{t("chain.link")}</dt>
          <dd>
            <Mark shape={chain.hasLine ? "●" : "■"} tone={chain.hasLine ? "ok" : "bad"}>
              {t(chain.hasLine ? "chain.stands" : "chain.no-line")}
            </Mark>
            <Note parts={[when(chain.gatewayContactAt)]} />
          </dd>
        </dl>
      </div>
    </section>
  );
}

/** What is known besides the state, in a line of its own; nothing when nothing is. */
function Note({ parts }: { readonly parts: readonly (string | null | undefined)[] }) {
  const text = parts.filter(Boolean).join(" · ");
  return text === "" ? null : <div className="e-muted e-small">{text}</div>;
}
