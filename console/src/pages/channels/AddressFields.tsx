import { Checkbox, PasswordInput, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ChannelFieldsFragment } from "../../gql/graphql";
import type { FieldsProps } from "./ChannelForm";
import { isSigned } from "./fields";

interface Props extends FieldsProps {
  channel: ChannelFieldsFragment | null;
}

/** A robot's address and key: neither is ever shown again. */
export function AddressFields({ values, errors, set, channel }: Props) {
  const { t } = useTranslation("channels");
  const { kind, url, secret, unsigned } = values;
  return (
    <>
      <TextInput
        label={t("url")}
        description={channel ? t("urlStays", { address: channel.address }) : t(`urlFrom.${kind}`)}
        type="url"
        value={url}
        error={errors.url}
        data-autofocus
        onChange={(event) => set({ url: event.currentTarget.value })}
      />
      {isSigned(kind) && (
        <PasswordInput
          label={t("secret")}
          description={channel?.signed ? t("secretStays") : t(`secretFrom.${kind}`)}
          autoComplete="off"
          value={secret}
          error={errors.secret}
          disabled={unsigned}
          visibilityToggleButtonProps={{ "aria-label": t("showSecret"), tabIndex: 0 }}
          onChange={(event) => set({ secret: event.currentTarget.value })}
        />
      )}
      {isSigned(kind) && channel?.signed && (
        <Checkbox
          label={t("unsigned")}
          checked={unsigned}
          onChange={(event) => set({ unsigned: event.currentTarget.checked, secret: "" })}
        />
      )}
    </>
  );
}
