import { useMediaQuery } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../app/me";
import { EmptyState } from "../../components/EmptyState";
import { PageHeader } from "../../components/PageHeader";
import { fieldErrors } from "../../graphql/useCommand";
import { useDraft } from "../../graphql/useDraft";
import { SeatLine } from "../pool/SeatLine";
import { useSeat } from "../pool/useSeat";
import { RefusedAnswer, RegisteredAnswer } from "./Answer";
import { DuplicatePanel } from "./DuplicatePanel";
import { EMPTY, type Field } from "./draft";
import { RegisterForm } from "./RegisterForm";
import "./register.css";
import { type LookUp, useDuplicates } from "./useDuplicates";
import { useRegister } from "./useRegister";

const WIDE = "(min-width: 62em)";

export default function Register() {
  const { t } = useTranslation("register");
  const first = useMe().pools[0];
  return (
    <>
      <PageHeader title={t("title")} subtitle={t("subtitle")} />
      {first ? (
        <Form firstPool={first.id} />
      ) : (
        <EmptyState title={t("noPool")}>{t("noPoolMore")}</EmptyState>
      )}
    </>
  );
}

function Form({ firstPool }: { firstPool: string }) {
  const { pools, viewer } = useMe();
  const [draft, setDraft, clear] = useDraft(`register.${viewer.id}`, EMPTY);
  const [chosen, choose] = useState(localStorage.getItem("seapool.pool") ?? firstPool);
  const poolId = pools.some(({ id }) => id === chosen) ? chosen : firstPool;
  const [typing, setTyping] = useState<Field | null>(null);
  const lookUp = useDuplicates(draft, typing);
  const { register, busy, registered, refused, errors, forget } = useRegister(clear);
  const seat = useSeat(poolId);
  const wide = useMediaQuery(WIDE) ?? true;
  return (
    <div className="register">
      <div>
        <div id="register-answer">
          {registered && <RegisteredAnswer customer={registered} />}
          {refused && <RefusedAnswer refusal={refused} />}
        </div>
        <RegisterForm
          draft={draft}
          poolId={poolId}
          errors={{ ...wrongIn(lookUp), ...errors }}
          busy={busy}
          belowName={wide ? null : <DuplicatePanel lookUp={lookUp} />}
          onType={(field, value) => {
            setDraft((all) => ({ ...all, [field]: value }));
            forget(field);
          }}
          onFocus={setTyping}
          onPool={choose}
          onClear={() => {
            clear();
            forget();
          }}
          onSubmit={async () => {
            await register(draft, poolId);
            document.getElementById("register-answer")?.scrollIntoView({ block: "nearest" });
          }}
        />
      </div>
      <aside>
        {wide && <DuplicatePanel lookUp={lookUp} />}
        <SeatLine {...seat} claims={false} />
      </aside>
    </div>
  );
}

/** A wrong phone number or address is marked while typing. */
function wrongIn(lookUp: LookUp) {
  if (lookUp.kind !== "wrong") return {};
  return fieldErrors({ __typename: "InvalidInput", message: "", ...lookUp }, "customer.");
}
