import { Text, type TextProps } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useServerSeconds } from "../graphql/clock";
import { useFormat } from "../i18n/format";

const DAY = 86_400;

interface Props extends TextProps {
  /** The instant, as the API writes it. */
  at: string;
}

/** The time that is left, by the server's clock; its colour warns within three days and a day. */
export function Countdown({ at, ...rest }: Props) {
  const { t } = useTranslation("common");
  const { span, dateTime } = useFormat();
  const left = Math.ceil(Date.parse(at) / 1000) - useServerSeconds();
  return (
    <Text
      component="time"
      className="sea-number"
      fw={600}
      c={colour(left)}
      {...rest}
      dateTime={at}
      title={dateTime(at)}
    >
      {left > 0 ? span(left * 1000) : t("now")}
    </Text>
  );
}

function colour(left: number): string {
  if (left < DAY) return "var(--sea-soon)";
  if (left < 3 * DAY) return "var(--sea-near)";
  return "var(--mantine-color-text)";
}
