import type { GroupChangeAsked, GroupEffect } from "../api/client.ts";
import { Mark, type Tone } from "../parts/marks.tsx";
import { useLocale } from "../text/provider.tsx";
import { GroupLink } from "./checks-panel.tsx";

type Named = GroupEffect["joiningPoints"][number] & { readonly groupId?: number; readonly group?: string };

/** What a change would do: how many before and after, from when, who comes and goes by name, and what to look at twice. */
export function EffectWords(props: { readonly effect: GroupEffect; readonly asked: GroupChangeAsked }) {
  const { t, f } = useLocale();
  const { effect, asked } = props;
  const nothing = effect.joining + effect.leaving + effect.signChanged === 0;
  return (
    <div className="e-stack" role="status">
      <strong className="e-num">
        {t("change.before-after", {
          before: f.number(effect.before),
          after: f.number(effect.after),
          side: t(`groups.side.${asked.side}`),
          from: f.instant(Date.parse(asked.from)),
        })}
      </strong>
      {nothing ? <span>{t("change.nothing")}</span> : null}
      <Part
        shape="+"
        tone="ok"
        text={t("change.joining", { count: effect.joining })}
        count={effect.joining}
        points={effect.joiningPoints}
      />
      <Part
        shape="−"
        tone="bad"
        text={t("change.leaving", { count: effect.leaving })}
        count={effect.leaving}
        points={effect.leavingPoints}
      />
      <Part
        shape="±"
        tone="accent"
        text={t("change.sign-changed", { count: effect.signChanged })}
        count={effect.signChanged}
        points={effect.signChangedPoints}
      />
      <Part
        shape="▲"
        tone="warning"
        text={t("change.elsewhere", { count: effect.elsewhere.length })}
        count={effect.elsewhere.length}
        points={effect.elsewhere}
      />
      <Part
        shape="▲"
        tone="warning"
        text={t("change.both-sides", { count: effect.bothSides.length })}
        count={effect.bothSides.length}
        points={effect.bothSides}
      />
      <Part
        shape="⊘"
        tone="muted"
        text={t("change.refused", { count: effect.refused.length })}
        count={effect.refused.length}
        points={effect.refused}
      />
      {effect.unknownPods.length > 0 ? (
        <details>
          <summary>
            <Mark shape="⊘" tone="muted">
              {t("change.unknown", { count: effect.unknownPods.length })}
            </Mark>
          </summary>
          <p className="e-num e-small">{effect.unknownPods.join(", ")}</p>
        </details>
      ) : null}
    </div>
  );
}

function Part(props: {
  readonly shape: string;
  readonly tone: Tone;
  readonly text: string;
  readonly count: number;
  readonly points: readonly Named[];
}) {
  const { t } = useLocale();
  if (props.count === 0) return null;
  return (
    <details open={props.count <= 12}>
      <summary>
        <Mark shape={props.shape} tone={props.tone}>
          {props.text}
        </Mark>
      </summary>
      <ul className="e-effect-points">
        {props.points.map((point) => (
          <li key={point.pointId}>
            <span className="e-num">{point.pod}</span>{" "}
            <span className="e-muted e-small">{[point.name, point.address].filter(Boolean).join(" · ")}</span>
            {point.groupId !== undefined && point.group !== undefined ? (
              <>
                {" "}
                <GroupLink groupId={point.groupId} name={point.group} />
              </>
            ) : null}
          </li>
        ))}
        {props.count > props.points.length ? (
          <li className="e-muted e-small">
            {t("groups.checks-more", { count: props.count - props.points.length })}
          </li>
        ) : null}
      </ul>
    </details>
  );
}
