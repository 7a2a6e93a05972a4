import { Text } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../../components/EmptyState";
import { PageHeader } from "../../components/PageHeader";
import { VirtualList } from "../../components/VirtualList";
import { useFormat } from "../../i18n/format";
import { AlertRow } from "./AlertRow";
import "./alerts.css";
import { cursorOf, useAlertList } from "./useAlertList";
import { useReadOnSight } from "./useReadOnSight";

export default function Alerts() {
  const { t } = useTranslation("alerts");
  const { day } = useFormat();
  const list = useAlertList();
  const asNew = useReadOnSight(list.nodes);
  const dayAt = (index: number) => {
    const alert = list.nodes[index];
    return alert && day(alert.at);
  };
  return (
    <>
      <PageHeader title={t("title")} subtitle={t("subtitle")} />
      <VirtualList
        pages={list}
        keyOf={cursorOf}
        label={t("title")}
        estimate={92}
        empty={
          <EmptyState title={t("none")} icon={IconBell}>
            {t("noneMore")}
          </EmptyState>
        }
      >
        {(alert, index) => (
          <>
            {dayAt(index) !== dayAt(index - 1) && (
              <Text component="h2" className="alert-day" data-first={index === 0}>
                {dayAt(index)}
              </Text>
            )}
            <AlertRow alert={alert} isNew={asNew.has(alert.cursor)} />
          </>
        )}
      </VirtualList>
    </>
  );
}
