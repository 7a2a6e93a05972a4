// What the owner can do with a customer; each opens a panel in the customer's card.
export type Action = "followUp" | "deal" | "giveBack" | "extension";

export interface PanelProps {
  customerId: string;
  name: string;
  poolId: string;
  onClose: () => void;
}
