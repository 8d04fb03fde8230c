import { Radio, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Point } from "../api/client.ts";
import { fieldOfInstant, instantOfField } from "../log/search.ts";
import { ChangeForm, Field, isReason, ReasonField } from "../parts/change-form.tsx";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { useGroupsOnMove } from "./groups-on-move.tsx";

const shown = 8;

/** Gives a point another location from an instant on; until then it stood where it stood. */
export function MoveForm({ point, onEnd }: { readonly point: Point; readonly onEnd: () => void }) {
  const { t, zone } = useLocale();
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState("");
  const [from, setFrom] = useState(() => fieldOfInstant(new Date().toISOString(), zone));
  const [reason, setReason] = useState("");
  const { asked: askingGroups, question } = useGroupsOnMove();
  const asked = words.trim();
  const found = useQuery({
    queryKey: ["locations", "to-move", asked],
    queryFn: ({ signal }) => api.locations({ q: asked, limit: shown + 1 }, signal),
    enabled: asked.length >= 2,
  });
  const rows = (found.data?.rows ?? [])
    .filter(({ locationId }) => locationId !== point.locationId)
    .slice(0, shown);
  const fromAt = instantOfField(from, zone);
  const target = rows.find(({ locationId }) => String(locationId) === chosen);
  return (
    <ChangeForm
      changes={[["point"], ["points"], ["point-changes"], ["location"], ["locations"], ["groups"], ["group"]]}
      onEnd={onEnd}
      complete={target !== undefined && fromAt !== undefined && isReason(reason)}
      run={() =>
        askingGroups((said) =>
          api.changePoint(point.pointId, {
            from: fromAt!,
            values: { locationId: target!.locationId },
            reason: reason.trim(),
            ...said,
          }),
        )
      }
    >
      <p className="e-muted">{t("attributes.move-lead", { address: point.address })}</p>
      <Field
        label={t("attributes.move-find")}
        help={t("attributes.move-find-help")}
        value={words}
        onChange={(value) => {
          setWords(value);
          setChosen("");
        }}
      />
      {found.isError ? <ProblemNotice error={found.error} onRetry={() => void found.refetch()} /> : null}
      {found.data && rows.length === 0 ? <p className="e-muted">{t("attributes.move-none")}</p> : null}
      {rows.length > 0 ? (
        <Radio.Group label={t("attributes.move-to")} value={chosen} onChange={setChosen}>
          <Stack gap="xs" mt="xs">
            {rows.map((row) => (
              <Radio
                key={row.locationId}
                value={String(row.locationId)}
                label={[row.code, row.address].filter(Boolean).join(" · ")}
                description={row.branch.join(" › ")}
              />
            ))}
          </Stack>
        </Radio.Group>
      ) : null}
      <Field type="datetime-local" label={t("attributes.from")} value={from} onChange={setFrom} />
      {question}
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}
