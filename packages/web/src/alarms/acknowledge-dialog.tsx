import { Button, Modal, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Alarm, api } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";

/** Says that these alarms were seen, with a note. */
export function AcknowledgeDialog(props: {
  readonly alarms: readonly Alarm[];
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const [note, setNote] = useState("");
  const acknowledge = useMutation({
    mutationFn: () =>
      api.acknowledgeAlarms({
        alarms: props.alarms.flatMap(({ deviceId, at, code, seq }) =>
          deviceId === null ? [] : [{ deviceId, at, code, seq }],
        ),
        peaks: props.alarms.flatMap(({ peak }) => (peak ? [peak.alarmId] : [])),
        ...(note.trim() === "" ? {} : { note: note.trim() }),
      }),
    onSuccess: async () => {
      setNote("");
      await queries.invalidateQueries({ queryKey: ["alarms"] });
      props.onDone();
    },
  });
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t("alarms.acknowledge", { count: props.alarms.length })}
      closeButtonProps={{ "aria-label": t("nav.close") }}
    >
      <form
        className="e-stack"
        onSubmit={(event) => {
          event.preventDefault();
          acknowledge.mutate();
        }}
      >
        {acknowledge.isError ? <ProblemNotice error={acknowledge.error} /> : null}
        <p>{t("alarms.acknowledge-lead", { count: props.alarms.length })}</p>
        <Textarea
          label={t("alarms.note")}
          description={t("alarms.note-help")}
          maxLength={500}
          autosize
          minRows={2}
          data-autofocus
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <div className="e-row">
          <Button type="submit" loading={acknowledge.isPending}>
            {t("alarms.acknowledge", { count: props.alarms.length })}
          </Button>
          <Button variant="default" onClick={props.onClose}>
            {t("common.cancel")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
