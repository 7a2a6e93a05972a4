import { Anchor, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Decide, type DecideProps } from "./Decide";

interface Props extends Omit<DecideProps, "of"> {
  customer: { id: string; name: string };
  children: ReactNode;
}

/** A customer, what is asked about it, and the buttons that answer. */
export function Waiting({ customer, children, ...decide }: Props) {
  return (
    <div className="sea-wait">
      <div>
        <Anchor component={Link} to={`/customer/${customer.id}`} fw={500}>
          {customer.name}
        </Anchor>
        <Text size="sm">{children}</Text>
      </div>
      <Decide of={customer.name} {...decide} />
    </div>
  );
}
