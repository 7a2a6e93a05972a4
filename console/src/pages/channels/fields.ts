// What a channel's form holds, and what of it the API gets.
import type {
  AlertKind,
  ChannelFieldsFragment,
  ChannelInput,
  ChannelKind,
  ChannelLanguage,
} from "../../gql/graphql";
import type { Language } from "../../i18n";

export const KINDS: ChannelKind[] = ["WECOM", "DINGTALK", "FEISHU", "SLACK", "EMAIL"];
export const ALERTS: AlertKind[] = [
  "REMINDER",
  "RELEASED",
  "ASSIGNED",
  "TRANSFERRED",
  "EXTENSION_DECIDED",
  "DEAL_DECIDED",
  "COMMENTED",
  "AT_RISK",
];
export const DIGESTS = ["PT1M", "PT5M", "PT30M", "PT1H", "PT4H", "P1D"];

export interface ChannelValues {
  kind: ChannelKind;
  url: string;
  secret: string;
  /** Take the present secret away. */
  unsigned: boolean;
  language: ChannelLanguage;
  kinds: AlertKind[];
  poolIds: string[];
  quietFrom: string;
  quietTo: string;
  digestEvery: string;
}

export function valuesOf(channel: ChannelFieldsFragment | null, language: Language): ChannelValues {
  return {
    kind: channel?.kind ?? "WECOM",
    url: "",
    secret: "",
    unsigned: false,
    language: channel?.language ?? (language === "zh-CN" ? "ZH" : "EN"),
    kinds: channel?.kinds ?? [],
    poolIds: channel?.pools?.map(({ id }) => id) ?? [],
    quietFrom: channel?.quietFrom ?? "",
    quietTo: channel?.quietTo ?? "",
    digestEvery: channel?.digestEvery ?? "PT5M",
  };
}

/** No kind or pool chosen means all; an address or a secret that is left empty stays as it is. */
export function inputOf(
  values: ChannelValues,
  id: string | null,
  forOrganization: boolean,
): ChannelInput {
  const { kind, url, secret, unsigned, kinds, poolIds, quietFrom, quietTo, ...rest } = values;
  return {
    ...rest,
    id,
    kind,
    forOrganization,
    url: (kind !== "EMAIL" && url.trim()) || null,
    secret: isSigned(kind) ? (unsigned ? "" : secret || null) : null,
    kinds: kinds.length ? kinds : null,
    poolIds: forOrganization && poolIds.length ? poolIds : null,
    quietFrom: quietFrom || null,
    quietTo: quietTo || null,
  };
}

export function isSigned(kind: ChannelKind): boolean {
  return kind === "DINGTALK" || kind === "FEISHU";
}
