// docs/metrics.md and docs/runbook.md.
import { alerts, type Alert } from './alerts.ts';
import { metricsOf, type Metric } from './metrics.ts';

const MADE = '<!-- Made from hack/monitoring by `npm run generate`. Do not edit. -->';
/** `|` would end the cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|');

const metricTable = (metrics: readonly Metric[]): string =>
  [
    '| metric | type | labels | |\n|---|---|---|---|',
    ...metrics.map(
      ({ name, type, labels, help }) =>
        `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${cell(help)} |`,
    ),
  ].join('\n');

export const metricsPage = (): string =>
  [
    '# Metrics',
    MADE,
    `Each program shows its own at \`/metrics\` of the port of probes (8080), to the cluster alone. The chart has PodMonitors (\`monitoring.podMonitor\`), alerts
([runbook.md](runbook.md), \`monitoring.prometheusRule\`) and Grafana dashboards (\`monitoring.dashboards\`). No label names an account, an object or a person.`,
    '## Operator',
    metricTable(metricsOf('operator')),
    '## Gateway',
    metricTable(metricsOf('gateway')),
    '## Indexer',
    metricTable(metricsOf('indexer')),
    "## Node's own, of each",
    metricTable(metricsOf('node')),
    '',
  ]
    .join('\n\n')
    .trimEnd() + '\n';

const alertPart = ({ name, expr, for: since, severity, summary, remedy }: Alert): string =>
  [
    `### ${name}`,
    `${summary.replaceAll(/\{\{ *(?:\$labels\.)?\$?(\w+)[^}]*\}\}/g, '*$1*')}. (${severity}${since === '0m' ? '' : `, after ${since}`})`,
    `\`\`\`promql\n${expr}\n\`\`\``,
    remedy.map((step, index) => `${index + 1}. ${step}`).join('\n'),
  ].join('\n\n');

export const runbookPage = (): string =>
  `${[
    '# Runbook',
    MADE,
    `What each alert says, and what to do, in this order. \`monitoring.prometheusRule: true\` of the chart installs them for the Prometheus operator. What an object itself says is
in [conditions.md](conditions.md), a reason each; what people meet, in [troubleshooting.md](troubleshooting.md).`,
    ...Object.entries(alerts).flatMap(([group, of]) => [
      `## ${group.slice(0, 1).toUpperCase()}${group.slice(1)}`,
      ...of.map(alertPart),
    ]),
  ].join('\n\n')}\n`;
