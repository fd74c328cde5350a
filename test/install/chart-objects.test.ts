// What the chart renders beside workloads is what `npm start` applies and the operator expects, for whatever an installation says.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readManifests } from '../../hack/control-plane/manifests.ts';
import { ruleGroups } from '../../hack/monitoring/alerts.ts';
import { dashboards, grafanaModel } from '../../hack/monitoring/dashboards.ts';
import { installationOf, readConfig } from '../../operator/config.ts';
import { readConfigJson } from '../../operator/features/config-json.ts';
import { installManifests } from '../../operator/resources/authority/install.ts';
import { needed, renderChart, settingsOf, type Manifest } from '../support/rendered-chart.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const NAMESPACE = 'data-platform';
const { aws } = needed.operator.settings;

const keyOf = ({ kind, metadata: { name } }: Manifest): string => `${kind} ${name}`;
/** Labels are Helm's own affair. */
const content = (manifest: Manifest): object => ({ ...manifest, metadata: undefined });

const cases: Readonly<Record<string, { settings?: object; config?: object }>> = {
  nothing: {},
  'a prefix of groups and lists of its own': {
    settings: {
      authority: { groupPrefix: `oidc:it's-"\\`, approvalDenyList: ['ci', 'bot'], reservedNames: ['ops'] },
      sharing: { allowSelfApproval: true },
    },
  },
  'levels of its own, of which nobody chooses one': {
    config: {
      modules: {
        datasets_base: {
          features: {
            confidentiality_dropdown: false,
            custom_confidentiality_mapping: { Red: 'Secret', Green: 'Unclassified', Amber: 'Official' },
          },
        },
      },
    },
  },
  'features off, in the places where versions of data.all had them': {
    config: {
      modules: {
        datasets_base: { features: { topics_dropdown: null, share_expiration: { active: false } } },
        s3_datasets: { features: { topics_dropdown: false, file_actions: false } },
      },
    },
  },
  'modules off': {
    config: {
      modules: {
        s3_datasets: { active: false },
        s3_datasets_shares: { active: false },
        redshift_datasets_shares: { active: false },
        worksheets: { active: false },
        maintenance: { active: false },
      },
    },
  },
  'a text for maintenance': {
    config: {
      modules: { maintenance: { custom_maintenance_text: `zurück um 6 🚀; it's "planned" <\\o/>\nsecond line` } },
    },
  },
};

describe.each(Object.entries(cases))('for an installation that says %s', (_, { settings = {}, config = {} }) => {
  it('policies, their settings, RBAC and flows are those of the operator', async () => {
    const manifests = await renderChart(NAMESPACE, { operator: { settings }, config });
    const rendered = new Map(manifests.map((manifest) => [keyOf(manifest), manifest]));
    const features = readConfigJson(settingsOf(manifests, 'dataall-features', 'config.json'));
    const expected = installManifests(installationOf(readConfig({ namespace: NAMESPACE, aws, ...settings }, features)));
    for (const manifest of expected) {
      // Helm makes the namespace, and ServiceAccounts have no content.
      if (manifest.kind === 'Namespace') continue;
      const found = rendered.get(keyOf(manifest));
      expect(found, keyOf(manifest)).toBeDefined();
      expect(content(found as Manifest), keyOf(manifest)).toEqual(content(manifest));
    }
  });
});

it('definitions are those of crds/, and stay when the release goes', async () => {
  const rendered = (await renderChart(NAMESPACE)).filter(({ kind }) => kind === 'CustomResourceDefinition');
  const expected = readManifests(join(ROOT, 'crds')) as readonly Manifest[];
  expect(rendered.map(keyOf).toSorted()).toEqual(expected.map(keyOf).toSorted());
  for (const manifest of rendered) {
    expect(content(manifest)).toEqual(content(expected.find((one) => keyOf(one) === keyOf(manifest)) as Manifest));
    expect(manifest.metadata.annotations).toEqual({ 'helm.sh/resource-policy': 'keep' });
  }
});

it('what Prometheus, Alertmanager and Grafana are given is there where it is asked for, and whole', async () => {
  const topic = 'arn:aws:sns:eu-west-1:111122223333:on-call';
  const monitoring = { podMonitor: true, prometheusRule: true, dashboards: true, alertSnsTopicArn: topic };
  const without = new Set((await renderChart(NAMESPACE)).map(keyOf));
  const added = (await renderChart(NAMESPACE, { monitoring })).filter((manifest) => !without.has(keyOf(manifest)));
  expect(added.map(keyOf).toSorted()).toEqual([
    'AlertmanagerConfig dataall',
    'ConfigMap dataall-gateway-dashboard',
    'ConfigMap dataall-operator-dashboard',
    'PodMonitor dataall-gateway',
    'PodMonitor dataall-indexer',
    'PodMonitor dataall-operator',
    'PrometheusRule dataall',
  ]);
  const [rule] = added.filter(({ kind }) => kind === 'PrometheusRule') as (Manifest & { spec: object })[];
  // Braces of alerts are Prometheus's, and not Helm's.
  expect(rule?.spec).toEqual({ groups: ruleGroups });
  const [receiver] = added.filter(({ kind }) => kind === 'AlertmanagerConfig') as (Manifest & { spec: object })[];
  expect(receiver?.spec).toMatchObject({
    receivers: [{ snsConfigs: [{ topicARN: topic, sigv4: { region: 'eu-west-1' } }] }],
  });
  for (const [uid, dashboard] of Object.entries(dashboards)) {
    const map = added.find(({ metadata: { name } }) => name === `${uid}-dashboard`) as Manifest & {
      data: Readonly<Record<string, string>>;
    };
    expect(JSON.parse(map.data[`${uid}.json`] ?? '')).toEqual(grafanaModel(uid, dashboard));
  }
});
