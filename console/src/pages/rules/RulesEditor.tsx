import { Grid, Stack } from "@mantine/core";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { graphql } from "../../gql";
import type { RulesFieldsFragment } from "../../gql/graphql";
import { type RefusalLike, showRefusal, useCommand } from "../../graphql/useCommand";
import { useDraft } from "../../graphql/useDraft";
import { CareRules } from "./CareRules";
import { ClaimRules } from "./ClaimRules";
import { DealRules } from "./DealRules";
import {
  changed,
  emptyFields,
  inputOf,
  picked,
  RulesFormProvider,
  type RulesValues,
  useNewRulesForm,
  valuesOf,
} from "./form";
import { Levels } from "./Levels";
import { PreviewPanel } from "./PreviewPanel";
import { usePreview } from "./preview";
import { wordsByField } from "./problems";
import { ReleaseRules } from "./ReleaseRules";
import { SaveBar } from "./SaveBar";
import { UndoReleases } from "./UndoReleases";

const Save = graphql(`
  mutation UpdatePoolRules($poolId: ID!, $rules: RulesInput!, $expectedVersion: Int!) {
    updatePoolRules(poolId: $poolId, rules: $rules, expectedVersion: $expectedVersion) {
      __typename
      ... on PoolSaved { pool { ...RulesFields } }
      ... on RulesChanged { version }
      ... on InvalidInput { message problems { path message } }
      ... on Refusal { message }
    }
  }
`);

interface Props {
  pool: RulesFieldsFragment;
  /** What was typed onto the version before, which somebody else has replaced. */
  carried?: Partial<RulesValues> | undefined;
  onSaved: () => void;
  /** Somebody saved another version meanwhile: nothing of `typed` is saved. */
  onOutdated: (version: number, typed: Partial<RulesValues>) => void;
}

export function RulesEditor({ pool, carried, onSaved, onOutdated }: Props) {
  const { t } = useTranslation("rules");
  const stored = useMemo(() => valuesOf(pool.rules), [pool.rules]);
  const [draft, setDraft, clearDraft] = useDraft(
    `rules.${pool.id}.${pool.rulesVersion}`,
    stored,
    carried && { ...stored, ...carried },
  );
  const form = useNewRulesForm({ initialValues: draft, onValuesChange: setDraft });
  const before = useMemo(() => inputOf(stored), [stored]);
  const rules = inputOf(form.values);
  const changes = changed(before, rules);
  const empty = emptyFields(form.values);
  const previewed = usePreview(pool.id, rules, empty.length === 0);
  const { problems, current } = previewed;
  const { setErrors } = form;
  const emptyPaths = empty.join();
  useEffect(() => {
    const missing = emptyPaths ? emptyPaths.split(",") : [];
    if (missing.length > 0) {
      setErrors(Object.fromEntries(missing.map((path) => [path, t("enterNumber")])));
    } else if (current) {
      setErrors(wordsByField(problems, t));
    }
  }, [emptyPaths, problems, current, setErrors, t]);
  const { run, busy } = useCommand(Save, {
    showsRefusals: true,
    done: (value) => t("saved", { version: "pool" in value ? value.pool.rulesVersion : "" }),
  });
  const refused = (refusal: RefusalLike & { version?: number }) => {
    if (refusal.version !== undefined) {
      clearDraft();
      return onOutdated(refusal.version, picked(form.values, changes));
    }
    setErrors(wordsByField(refusal.problems ?? [], t));
    showRefusal(refusal);
  };
  const save = async () => {
    const outcome = await run({ poolId: pool.id, rules, expectedVersion: pool.rulesVersion });
    if (outcome.kind === "refused") refused(outcome.refusal);
    if (outcome.kind !== "done") return;
    clearDraft();
    onSaved();
  };
  const discard = () => {
    clearDraft();
    form.setValues(stored);
    form.clearErrors();
  };
  const hasErrors = Object.keys(form.errors).length > 0;
  return (
    <RulesFormProvider form={form}>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Stack>
            <ClaimRules poolId={pool.id} />
            <ReleaseRules poolId={pool.id} />
            <DealRules />
            <CareRules />
            <Levels />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <div className="sea-beside" data-saving={changes.length > 0 || undefined}>
            <PreviewPanel previewed={previewed} dirty={changes.length > 0} hasErrors={hasErrors} />
          </div>
        </Grid.Col>
        <Grid.Col span={12}>
          <UndoReleases pool={pool} />
        </Grid.Col>
      </Grid>
      {changes.length > 0 && (
        <SaveBar
          changes={changes}
          previewed={previewed}
          hasErrors={hasErrors}
          busy={busy}
          onSave={save}
          onDiscard={discard}
        />
      )}
    </RulesFormProvider>
  );
}
