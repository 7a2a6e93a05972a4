import { Alert, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { graphql } from "../../gql";
import type { ChannelFieldsFragment } from "../../gql/graphql";
import { fieldErrors, useCommand } from "../../graphql/useCommand";
import { language } from "../../i18n";
import { FormDialog } from "../admin/FormDialog";
import { AddressFields } from "./AddressFields";
import { Choices } from "./Choices";
import { ALERTS, type ChannelValues, inputOf, KINDS, valuesOf } from "./fields";
import { PoolChoices } from "./PoolChoices";
import { TimesFields } from "./TimesFields";

const SaveChannel = graphql(`
  mutation SaveChannel($channel: ChannelInput!, $idempotencyKey: String) {
    saveChannel(channel: $channel, idempotencyKey: $idempotencyKey) {
      ... on ChannelSaved { channel { ...ChannelFields } }
      ... on Refusal { message }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

export interface FieldsProps {
  values: ChannelValues;
  errors: Record<string, string>;
  set: (change: Partial<ChannelValues>) => void;
}

interface Props {
  /** Null: a new one. */
  channel: ChannelFieldsFragment | null;
  forOrganization: boolean;
  onClose: () => void;
}

export function ChannelForm({ channel, forOrganization, onClose }: Props) {
  const { t } = useTranslation("channels");
  const [values, setValues] = useState(() => valuesOf(channel, language()));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const { run, busy } = useCommand(SaveChannel, {
    showsRefusals: true,
    done: (saved) => t("saved", { name: t(`kind.${saved.channel.kind}`) }),
  });
  const set = (change: Partial<ChannelValues>) => {
    setValues((all) => ({ ...all, ...change }));
    setErrors({});
  };
  const save = async () => {
    const outcome = await run({ channel: inputOf(values, channel?.id ?? null, forOrganization) });
    if (outcome.kind === "done") onClose();
    if (outcome.kind !== "refused") return;
    const fields = fieldErrors(outcome.refusal, "channel.");
    setErrors(Object.keys(fields).length ? fields : { channel: outcome.refusal.message });
  };
  const fields = { values, errors, set };
  const kinds = KINDS.filter((kind) => !(forOrganization && kind === "EMAIL"));
  return (
    <FormDialog
      title={channel ? t("editOf", { name: t(`kind.${channel.kind}`) }) : t("add")}
      problem={errors.channel}
      busy={busy}
      onSend={save}
      onClose={onClose}
    >
      <NativeSelect
        label={t("whereTo")}
        value={values.kind}
        error={errors.kind}
        disabled={channel !== null}
        onChange={(event) => set({ kind: event.currentTarget.value as ChannelValues["kind"] })}
        data={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
      />
      {values.kind === "EMAIL" ? (
        <Alert variant="light">{t("toOwnAddress")}</Alert>
      ) : (
        <AddressFields {...fields} channel={channel} />
      )}
      <Choices
        title={t("kinds")}
        more={t("kindsMore")}
        error={errors.kinds}
        value={values.kinds}
        onChange={(chosen) => set({ kinds: chosen as ChannelValues["kinds"] })}
        choices={ALERTS.map((kind) => ({ value: kind, label: t(`alert.${kind}`) }))}
      />
      {forOrganization && <PoolChoices {...fields} />}
      <TimesFields {...fields} />
    </FormDialog>
  );
}
