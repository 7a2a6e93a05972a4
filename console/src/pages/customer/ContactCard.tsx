import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { useMe } from "../../app/me";
import { Card } from "../../components/Card";
import { ContactLines } from "../../components/ContactLines";
import type { CustomerFactsFragment } from "../../gql/graphql";
import { useFormat } from "../../i18n/format";
import { EditForm } from "./EditForm";

/** Its owner and the administrators of its pool may change it. */
export function ContactCard({ customer }: { customer: CustomerFactsFragment }) {
  const { t } = useTranslation("customer");
  const { date } = useFormat();
  const { viewer, administered } = useMe();
  const [editing, { open, close }] = useDisclosure();
  const may =
    customer.owner?.id === viewer.id || administered.some(({ id }) => id === customer.pool.id);
  return (
    <Card
      title={t("contact")}
      more={t("createdAt", { date: date(customer.createdAt) })}
      aside={
        may &&
        !editing && (
          <Button variant="default" size="xs" onClick={open}>
            {t("edit")}
          </Button>
        )
      }
    >
      {editing ? (
        <EditForm customer={customer} onClose={close} />
      ) : (
        <ContactLines contact={customer.contact} />
      )}
    </Card>
  );
}
