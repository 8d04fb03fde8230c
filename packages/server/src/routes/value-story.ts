import {
  type ChannelStory,
  findChannelSpans,
  hasPoint,
  type StoryDelivery,
  tellInterval,
  tellRegister,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";

const maybeIso = (ms: number | null): string | null => (ms === null ? null : iso(ms));

const deliveryAnswer = (delivery: StoryDelivery | null) =>
  delivery && {
    ...delivery,
    receivedAt: iso(delivery.receivedAt),
    startedAt: maybeIso(delivery.startedAt),
    endedAt: maybeIso(delivery.endedAt),
    blocks: delivery.blocks.map(({ sha256, bytes, ...block }) => ({
      ...block,
      sha256: sha256.toString("hex"),
      hex: bytes?.toString("hex") ?? null,
    })),
  };

const channelAnswer = ({ versions, ...channel }: ChannelStory) => ({
  ...channel,
  versions: versions.map(({ knownFrom, knownTo, edit, delivery, ...version }) => ({
    ...version,
    knownFrom: maybeIso(knownFrom),
    knownTo: maybeIso(knownTo),
    edit: edit && {
      ...edit,
      requestedAt: iso(edit.requestedAt),
      undoneAt: maybeIso(edit.undoneAt),
    },
    delivery: deliveryAnswer(delivery),
  })),
});

export const valueStoryHandlers: Handlers<"tellInterval" | "tellRegister"> = {
  async tellInterval({ params: { pointId }, query, scope, services: { db, zone } }) {
    if (!(await hasPoint(db, scope, pointId))) throw new Problem("point.not-found");
    const atMs = Date.parse(query.at);
    const spans = await findChannelSpans(db, { pointId, channelId: query.channel });
    if (!spans?.spans.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs))
      throw new Problem("channel.not-found");
    const story = await tellInterval(db, { pointId, channelId: query.channel, atMs, zone });
    if (!story) throw new Problem("value.not-found");
    const { fromMs, toMs, own, sources, findings, day } = story;
    return {
      day,
      from: iso(fromMs),
      to: iso(toMs),
      own: channelAnswer(own),
      sources: sources.map(channelAnswer),
      findings: findings.map(({ since, severity, ...finding }) => ({
        ...finding,
        severity: severity as "F" | "W" | "I",
        since: iso(since),
      })),
    };
  },

  async tellRegister({ params: { pointId }, query, scope, services: { db } }) {
    if (!(await hasPoint(db, scope, pointId))) throw new Problem("point.not-found");
    const { serial, obis, measuredAt } = query;
    const story = await tellRegister(db, { pointId, serial, obis, measuredAtMs: Date.parse(measuredAt) });
    if (!story) throw new Problem("value.not-found");
    return {
      ...story,
      measuredAt: iso(story.measuredAt),
      versions: story.versions.map(({ receivedAt, replacedAt, delivery, ...version }) => ({
        ...version,
        receivedAt: iso(receivedAt),
        replacedAt: maybeIso(replacedAt),
        delivery: deliveryAnswer(delivery),
      })),
    };
  },
};
