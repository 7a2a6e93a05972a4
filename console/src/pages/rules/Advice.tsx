import { Alert, Button, Group, NumberInput, Skeleton, Stack, Text } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { IconBulb } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { graphql } from "../../gql";
import { inDays } from "../../i18n/duration";
import { useFormat } from "../../i18n/format";
import { useRulesForm } from "./form";
import { problemsOf } from "./preview";

const AdviceOnCapacity = graphql(`
  query AdviceOnCapacity($poolId: ID!, $conversionCycle: Duration, $visitsPerDay: Float) {
    adviseCapacity(poolId: $poolId, conversionCycle: $conversionCycle, visitsPerDay: $visitsPerDay) {
      capacity conversionCycle visitsPerDay sample visits
    }
  }
`);

export function Advice({ poolId }: { poolId: string }) {
  const { t } = useTranslation("rules");
  const [opened, { toggle }] = useDisclosure();
  return (
    <Stack gap="xs" align="flex-start">
      <Button
        variant="subtle"
        size="compact-md"
        leftSection={<IconBulb size={16} />}
        aria-expanded={opened}
        onClick={toggle}
      >
        {t("advice.ask")}
      </Button>
      {opened && <Advised poolId={poolId} />}
    </Stack>
  );
}

function Advised({ poolId }: { poolId: string }) {
  const { t } = useTranslation("rules");
  const { number } = useFormat();
  const form = useRulesForm();
  const [days, setDays] = useState<number | string>("");
  const [visits, setVisits] = useState<number | string>("");
  const [given] = useDebouncedValue(`${days}|${visits}`, 400);
  const [cycle, perDay] = given.split("|");
  const [{ data, error }] = useQuery({
    query: AdviceOnCapacity,
    variables: {
      poolId,
      conversionCycle: cycle ? `P${cycle}D` : null,
      visitsPerDay: perDay ? Number(perDay) : null,
    },
  });
  const advice = error ? undefined : data?.adviseCapacity;
  const wrong = (path: string) => problemsOf(error).find((each) => each.path === path)?.message;
  return (
    <Alert w="100%" icon={<IconBulb size={20} />} title={t("advice.title")} role="status">
      <Stack gap="sm">
        {!advice && !error && <Skeleton height={44} />}
        {error && problemsOf(error).length === 0 && <Text size="sm">{error.message}</Text>}
        {advice && (
          <div>
            <Text fw={600}>{t("advice.result", { count: advice.capacity })}</Text>
            <Text size="sm">
              {t("advice.sum", {
                days: number(inDays(advice.conversionCycle), { maximumFractionDigits: 1 }),
                visits: number(advice.visitsPerDay, { maximumFractionDigits: 2 }),
              })}
            </Text>
            <Text size="sm">
              {t("advice.rests", { sample: advice.sample, visits: advice.visits })}
            </Text>
          </div>
        )}
        <Group align="flex-start" gap="sm">
          <NumberInput
            label={t("advice.cycle")}
            placeholder={t("advice.measured")}
            error={wrong("conversionCycle")}
            value={days}
            onChange={setDays}
            allowDecimal={false}
            max={36_500}
            hideControls
            w={180}
          />
          <NumberInput
            label={t("advice.visits")}
            placeholder={t("advice.measured")}
            error={wrong("visitsPerDay")}
            value={visits}
            onChange={setVisits}
            decimalScale={2}
            hideControls
            w={180}
          />
        </Group>
        {advice && (
          <Button
            variant="default"
            style={{ alignSelf: "flex-start" }}
            onClick={() => form.setFieldValue("capacity", advice.capacity)}
          >
            {t("advice.use", { count: advice.capacity })}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
