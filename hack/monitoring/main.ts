// `npm run generate`: writes what of monitoring is made: alert rules and dashboards of the chart, docs/metrics.md, docs/runbook.md and docs/audit.schema.json.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { auditSchema } from '../../operator/audit-record.ts';
import { ruleGroups } from './alerts.ts';
import { dashboards, grafanaModel } from './dashboards.ts';
import { metricsPage, runbookPage } from './pages.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const CHART_FILES = join(ROOT, 'charts', 'dataall', 'files');
const DASHBOARDS = join(CHART_FILES, 'dashboards');

mkdirSync(DASHBOARDS, { recursive: true });
const banner = '# Made from hack/monitoring by `npm run generate`. Do not edit.\n';
writeFileSync(join(CHART_FILES, 'alerts.yaml'), banner + stringify({ groups: ruleGroups }, { lineWidth: 0 }));
for (const file of readdirSync(DASHBOARDS)) rmSync(join(DASHBOARDS, file));
for (const [uid, dashboard] of Object.entries(dashboards))
  writeFileSync(join(DASHBOARDS, `${uid}.json`), `${JSON.stringify(grafanaModel(uid, dashboard), null, 2)}\n`);
writeFileSync(join(ROOT, 'docs', 'metrics.md'), metricsPage());
writeFileSync(join(ROOT, 'docs', 'runbook.md'), runbookPage());
writeFileSync(join(ROOT, 'docs', 'audit.schema.json'), `${JSON.stringify(auditSchema(), null, 2)}\n`);
