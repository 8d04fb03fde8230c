import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import {
  api,
  type ChannelStory,
  type IntervalStory,
  type RegisterRow,
  type RegisterStory,
  type StoryDelivery,
} from "../api/client.ts";
import { qualityOf, qualityShapes } from "../parts/curve.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { obisSymbol } from "../parts/obis.ts";
import { catalogue, type MessageKey } from "../text/catalogue.ts";
import { type Translate, useLocale } from "../text/provider.tsx";

/** A code in words; one that has none is shown as it is. */
const wordsOf = (t: Translate, prefix: string, code: string): string =>
  Object.hasOwn(catalogue, prefix + code) ? t((prefix + code) as MessageKey) : code;

/** A decimal without zeros that say nothing. */
const plain = (decimal: string): string => decimal.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");

/** What is known of one interval: who or what made its value, every version of it, the bytes that came. */
export function IntervalStoryDialog(props: {
  readonly pointId: number;
  readonly channelId: number;
  /** Start of the interval; closed without one. */
  readonly at: string | undefined;
  readonly onClose: () => void;
}) {
  const { pointId, channelId, at } = props;
  const query = useQuery({
    queryKey: ["point", pointId, "story", channelId, at ?? ""],
    queryFn: ({ signal }) => api.intervalStory(pointId, { channel: channelId, at: at ?? "" }, signal),
    enabled: at !== undefined,
  });
  return (
    <StoryDialog opened={at !== undefined} query={query} onClose={props.onClose}>
      {query.data ? <IntervalTold story={query.data} /> : null}
    </StoryDialog>
  );
}

/** The same for a register reading. */
export function RegisterStoryDialog(props: {
  readonly pointId: number;
  readonly reading: RegisterRow | undefined;
  readonly onClose: () => void;
}) {
  const { pointId, reading } = props;
  const asked = reading && {
    serial: reading.serial,
    obis: reading.obis,
    measuredAt: reading.measuredAt,
  };
  const query = useQuery({
    queryKey: ["point", pointId, "story", asked],
    queryFn: ({ signal }) => api.registerStory(pointId, asked!, signal),
    enabled: asked !== undefined,
  });
  return (
    <StoryDialog opened={asked !== undefined} query={query} onClose={props.onClose}>
      {query.data ? <RegisterTold story={query.data} /> : null}
    </StoryDialog>
  );
}

function StoryDialog(props: {
  readonly opened: boolean;
  readonly query: {
    readonly isError: boolean;
    readonly error: unknown;
    readonly isPending: boolean;
    readonly refetch: () => unknown;
  };
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const { t } = useLocale();
  const { query } = props;
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      size="lg"
      title={t("story.title")}
      closeButtonProps={{ "aria-label": t("nav.close") }}
    >
      {query.isError ? (
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Waiting />
      ) : (
        props.children
      )}
    </Modal>
  );
}

function IntervalTold({ story }: { readonly story: IntervalStory }) {
  const { t, f } = useLocale();
  const startMs = Date.parse(story.from);
  return (
    <div className="e-stack">
      <strong className="e-num">
        {obisSymbol(story.own.obis)} · {f.interval(startMs, (Date.parse(story.to) - startMs) / 1000)}
      </strong>
      <ChannelTold channel={story.own} title={t("story.own")} />
      {story.sources.map((channel) => (
        <ChannelTold
          key={channel.channelId}
          channel={channel}
          title={t("story.sources", {
            serial: channel.meter?.serial ?? "",
            model: channel.meter?.model ?? "",
            factor: f.decimal(plain(channel.meter?.factor ?? "1")),
          })}
        />
      ))}
      {story.findings.length === 0 ? null : (
        <section>
          <h3 className="e-story-head">{t("story.findings")}</h3>
          <ul className="e-story">
            {story.findings.map((finding) => (
              <li key={`${finding.rule} ${finding.words}`}>
                {t("story.finding", {
                  rule: finding.rule,
                  words: finding.words,
                  state: wordsOf(t, "story.state.", finding.state),
                })}
                <span className="e-muted e-small"> · {f.instant(Date.parse(finding.since))}</span>
                {finding.note ? <span> · {finding.note}</span> : null}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function ChannelTold(props: { readonly channel: ChannelStory; readonly title: string }) {
  const { t, f } = useLocale();
  const { channel } = props;
  return (
    <section>
      <h3 className="e-story-head">{props.title}</h3>
      <ol className="e-story">
        {channel.versions.map((version) => {
          const quality = version.value === null ? "missing" : qualityOf(version.flags);
          const { edit } = version;
          return (
            <li key={`${version.version} ${version.knownFrom}`}>
              <span className="e-story-value e-num">
                {version.value === null
                  ? t("story.none")
                  : `${f.number(version.value * 10 ** channel.scale, Math.max(0, -channel.scale))} ${channel.unit}`}
              </span>
              <span className="e-mark">
                {qualityShapes[quality]} {t(`quality.${quality}`)}
              </span>
              <Span from={version.knownFrom} to={version.knownTo} />
              {version.origin === "measured" ? null : (
                <span>
                  {version.origin === "estimated"
                    ? t("story.origin.estimated", { method: version.method ?? "" })
                    : version.origin === "edited"
                      ? t("story.origin.edited", { who: edit?.requestedBy ?? "–" })
                      : t("story.origin.verified")}
                </span>
              )}
              {edit ? (
                <>
                  <span>
                    {t("story.edit", {
                      reason: wordsOf(t, "story.reason.", edit.reason),
                      comment: edit.comment,
                    })}
                  </span>
                  {edit.decidedBy ? <span>{t("story.second", { who: edit.decidedBy })}</span> : null}
                  {edit.undoneBy ? (
                    <span>{t("story.undone", { who: edit.undoneBy, comment: edit.undoComment ?? "" })}</span>
                  ) : null}
                </>
              ) : null}
              {version.delivery ? <Delivery delivery={version.delivery} /> : null}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function RegisterTold({ story }: { readonly story: RegisterStory }) {
  const { t, f } = useLocale();
  return (
    <div className="e-stack">
      <strong className="e-num">
        {obisSymbol(story.obis)} · {f.instant(Date.parse(story.measuredAt))}
      </strong>
      <section>
        <h3 className="e-story-head">
          {t("story.sources", {
            serial: story.serial,
            model: story.model,
            factor: f.decimal(plain(story.factor)),
          })}
        </h3>
        <ol className="e-story">
          {story.versions.map((version) => {
            const quality = qualityOf(version.flags);
            return (
              <li key={version.version}>
                <span className="e-story-value e-num">
                  {f.decimal(version.value)} {version.unit}
                </span>
                <span className="e-mark">
                  {qualityShapes[quality]} {t(`quality.${quality}`)}
                </span>
                <Span from={version.receivedAt} to={version.replacedAt} />
                {version.delivery ? (
                  <Delivery delivery={version.delivery} />
                ) : (
                  <span className="e-muted">{t("story.unknown-way")}</span>
                )}
              </li>
            );
          })}
        </ol>
      </section>
    </div>
  );
}

function Span(props: { readonly from: string | null; readonly to: string | null }) {
  const { t, f } = useLocale();
  const from = props.from === null ? t("story.ever") : f.instant(Date.parse(props.from));
  return (
    <span className="e-muted e-small">
      {props.to === null
        ? t("story.counts", { from })
        : t("story.counted", { from, to: f.instant(Date.parse(props.to)) })}
    </span>
  );
}

function Delivery({ delivery }: { readonly delivery: StoryDelivery }) {
  const { t, f } = useLocale();
  return (
    <>
      <span>
        {t("story.delivery", {
          time: f.instant(Date.parse(delivery.receivedAt)),
          device: delivery.identity ?? "–",
        })}
        {delivery.attemptId === null
          ? ""
          : ` · ${t("story.attempt", {
              attempt: String(delivery.attemptId),
              cause: wordsOf(t, "cause.", delivery.cause ?? ""),
            })}`}
        {delivery.requestedBy ? ` · ${t("story.asked-by", { who: delivery.requestedBy })}` : ""}
        {delivery.url ? <span className="e-muted e-small"> · {delivery.url}</span> : null}
      </span>
      {delivery.blocks.length === 0 ? null : (
        <details>
          <summary>{t("story.bytes", { count: delivery.blocks.length })}</summary>
          {delivery.blocks.map((block) => (
            <div key={block.blockId} className="e-story-block">
              <span className="e-small e-muted">
                {block.kind} · SHA-256 {block.sha256}
              </span>
              {block.hex === null ? (
                <span className="e-small">{t("story.forgotten")}</span>
              ) : (
                <>
                  <code className="e-story-hex">{block.hex.replaceAll(/(..)(?=.)/g, "$1 ")}</code>
                  {block.length !== null && block.length * 2 > block.hex.length ? (
                    <span className="e-small e-muted">
                      {t("story.more", { count: f.number(block.length - block.hex.length / 2) })}
                    </span>
                  ) : null}
                </>
              )}
            </div>
          ))}
        </details>
      )}
    </>
  );
}
