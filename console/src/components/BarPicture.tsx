import { BarChart } from "@mantine/charts";
import "@mantine/charts/styles.layer.css";
import { VisuallyHidden } from "@mantine/core";
import { useFormat } from "../i18n/format";

export interface BarSeries {
  /** The key in each row. */
  name: string;
  label: string;
  color: string;
}

export interface BarPictureProps {
  /** What the picture shows, in words. */
  label: string;
  rows: ({ name: string } & Record<string, number | string>)[];
  series: BarSeries[];
  height: number;
  /** Bars that lie: for names of people and reasons. */
  lying?: boolean;
}

/** Bars for the eye, and the same figures as a table for screen readers. */
export default function BarPicture({ label, rows, series, height, lying }: BarPictureProps) {
  const { number } = useFormat();
  return (
    <figure aria-label={label} style={{ margin: 0 }}>
      <div aria-hidden>
        <BarChart
          h={height}
          data={rows}
          dataKey="name"
          series={series}
          orientation={lying ? "vertical" : "horizontal"}
          gridAxis="none"
          tickLine="none"
          withLegend={series.length > 1}
          legendProps={{ verticalAlign: "bottom", height: 32, itemSorter: null }}
          withXAxis={!lying}
          withYAxis={lying ?? false}
          yAxisProps={lying ? { width: 124, interval: 0, tickFormatter: short } : {}}
          withBarValueLabel
          valueFormatter={(value) => number(value)}
          maxBarWidth={26}
          minBarSize={1}
          barProps={{ isAnimationActive: false, radius: 3 }}
          barChartProps={{
            accessibilityLayer: false,
            barCategoryGap: "22%",
            margin: { top: lying ? 0 : 20, right: lying ? 36 : 4, left: 4 },
          }}
          tooltipAnimationDuration={0}
        />
      </div>
      <VisuallyHidden>
        <table>
          <thead>
            <tr>
              <td />
              {series.map((each) => (
                <th key={each.name} scope="col">
                  {each.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.name}</th>
                {series.map((each) => (
                  <td key={each.name}>{number(Number(row[each.name]))}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </figure>
  );
}

const MOST = 16;

function short(name: string): string {
  return name.length > MOST ? `${name.slice(0, MOST - 1)}…` : name;
}
