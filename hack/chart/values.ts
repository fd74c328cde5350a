// The values of the chart: one definition, of which values.yaml, values.schema.json and the table of its README are made.
import { z } from 'zod';
import { identitySettings } from '../../api/identity/settings.ts';
import { databaseSettings } from '../../api/read-model/settings.ts';
import { searchSettings } from '../../api/search/opensearch/settings.ts';
import { serverSettings } from '../../api/server/settings.ts';
import { configSettings } from '../../operator/config.ts';

const text = z.string();
const map = z.record(z.string(), z.string()).default({});
const objects = z.array(z.looseObject({})).default([]);
const annotations = map.describe('E.g. `eks.amazonaws.com/role-arn` for IRSA; none for EKS Pod Identity');

/** What a process of ours reads, by the value that the chart hands on as it is: so that Helm refuses what the process would. */
export const processSettings = new Map<z.core.$ZodType, z.core.$ZodType>();

const settings = (about: string, schema: z.core.$ZodType) => {
  const value = z.looseObject({}).default({}).describe(about);
  processSettings.set(value, schema);
  return value;
};

/** Keys are mounted from a Secret, and people come back to where the Ingress is. */
const identity = z.strictObject({
  ...identitySettings.shape,
  session: identitySettings.shape.session.partial({ keys: true }),
  oidc: identitySettings.shape.oidc.in.partial({ redirectUrl: true }),
});

/** What every workload has. */
const workload = {
  replicas: z.int().min(0).max(20).nullable().default(null).describe('Pods; null: those of the profile'),
  resources: z
    .strictObject({ requests: map.optional(), limits: map.optional() })
    .nullable()
    .default(null)
    .describe('Of its container; null: those of the profile'),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  podAnnotations: map,
  nodeSelector: map,
  tolerations: objects,
  extraEnv: objects.describe('Further entries of `env`'),
};

const image = z.strictObject({
  repository: text.default('dataall-operator').describe('With its registry'),
  tag: text.default('').describe('Empty: the version of the chart'),
  digest: text
    .regex(/^(sha256:[0-9a-f]{64})?$/, 'is sha256: and 64 hexadecimal digits')
    .default('')
    .describe('Comes before the tag'),
  pullPolicy: z.enum(['IfNotPresent', 'Always', 'Never']).default('IfNotPresent'),
  pullSecrets: z.array(z.strictObject({ name: text })).default([]),
});

const actions = z.strictObject({
  tlsSecretName: text
    .default('dataall-operator-actions-tls')
    .describe(
      'Secret with tls.crt, tls.key and ca.crt for `dataall-operator-actions.<namespace>.svc`, which the gateway calls',
    ),
  certManagerIssuer: z
    .strictObject({ name: text, kind: z.enum(['Issuer', 'ClusterIssuer']).default('Issuer') })
    .nullable()
    .default(null)
    .describe('Has cert-manager make that Secret'),
});

const exposure = z.strictObject({
  mode: z
    .enum(['None', 'Private', 'Internet'])
    .default('None')
    .describe(
      '`None`: a Service and nothing else. `Private`, `Internet`: an Ingress with a load balancer of that kind',
    ),
  host: text.default('').describe('Needed for an Ingress'),
  allowedCidrs: z.array(text).default([]).describe('From where it may be reached; none: from anywhere'),
  ingress: z
    .strictObject({
      className: text.default('alb'),
      annotations: map,
      tls: z
        .strictObject({
          secretName: text.default('').describe('TLS ends at the ingress controller'),
          certificateArn: text.default('').describe('Of AWS Certificate Manager, for the load balancer'),
        })
        .prefault({}),
      wafAclArn: text.default('').describe('Web ACL of AWS WAF before the load balancer'),
    })
    .prefault({}),
});

export const chartValues = z.strictObject({
  profile: z
    .enum(['prod', 'dev'])
    .default('prod')
    .describe('`prod`: two pods of each, disruption budgets, spread over zones. `dev`: one of each, small'),
  image: image.prefault({}),
  crds: z
    .strictObject({
      enabled: z.boolean().default(true).describe('Whether the chart brings the custom resource definitions'),
      keep: z.boolean().default(true).describe('Whether they stay when the release goes. All objects go with them'),
    })
    .prefault({}),
  tenant: z
    .strictObject({
      administrators: z
        .array(text.min(1))
        .min(1)
        .max(20)
        .default(['DAAdministrators'])
        .describe(
          'Groups that administer an installation which has no Tenant yet; afterwards the Tenant `default` says who does',
        ),
    })
    .prefault({}),
  config: z
    .looseObject({})
    .default({})
    .describe('config.json: modules and features in the words of data.all (docs/configuration.md)'),
  operator: z
    .strictObject({
      ...workload,
      serviceAccount: z.strictObject({ annotations }).prefault({}),
      settings: settings(
        'config.yaml of the operator (docs/operations.md); `aws.hub` is needed',
        configSettings.omit({ namespace: true, tenant: true, actions: true }),
      ),
      actions: actions.prefault({}),
    })
    .prefault({}),
  gateway: z
    .strictObject({
      enabled: z.boolean().default(true).describe('Whether people reach it by GraphQL and in the browser'),
      ...workload,
      serviceAccount: z.strictObject({ annotations }).prefault({}),
      server: settings(
        '`server` of gateway.yaml (docs/operations.md)',
        serverSettings.omit({ host: true, port: true, tls: true, allowedCidrs: true }),
      ),
      webUi: z.boolean().default(true).describe('Whether it serves the web UI'),
    })
    .prefault({}),
  indexer: z.strictObject(workload).prefault({}),
  auth: z
    .strictObject({
      secretName: text
        .default('dataall-auth')
        .describe(
          'Secret with `session-key` (`openssl rand -base64 32`) and, for a confidential client, `client-secret`',
        ),
      hasClientSecret: z.boolean().default(false).describe('Whether `client-secret` is there and used'),
      settings: settings(
        '`identity` of gateway.yaml (docs/operations.md); `oidc` is needed, its `redirectUrl` where there is no `exposure.host`',
        identity,
      ),
    })
    .prefault({}),
  postgres: z
    .strictObject({
      secretName: text
        .default('dataall-postgres')
        .describe('Secret with the URL of the database, `?sslmode=verify-full` in it'),
      secretKey: text.default('url'),
      settings: settings('`database` of gateway.yaml, beside the URL', databaseSettings.omit({ url: true })),
    })
    .prefault({}),
  search: z
    .strictObject({
      passwordSecretName: text
        .default('')
        .describe('Secret with `password`, where OpenSearch has basic authentication'),
      settings: settings('`search` of gateway.yaml; empty: PostgreSQL searches', searchSettings),
    })
    .prefault({}),
  exposure: exposure.prefault({}),
  networkPolicy: z
    .strictObject({
      enabled: z.boolean().default(true),
      egressCidrs: z.array(text).default([]).describe('Where pods may connect to, beside DNS; none: anywhere'),
    })
    .prefault({}),
  monitoring: z
    .strictObject({
      podMonitor: z.boolean().default(false).describe('PodMonitors for the Prometheus operator'),
      prometheusRule: z
        .boolean()
        .default(false)
        .describe('A PrometheusRule for the Prometheus operator: the alerts of docs/runbook.md'),
      dashboards: z
        .boolean()
        .default(false)
        .describe('ConfigMaps with Grafana dashboards, labelled `grafana_dashboard: "1"` for its sidecar'),
      alertSnsTopicArn: text
        .regex(/^(arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:.+)?$/, 'is the ARN of an SNS topic')
        .default('')
        .describe(
          'Has Alertmanager, by an AlertmanagerConfig, publish these alerts to a topic of SNS, for which its own role has sns:Publish',
        ),
    })
    .prefault({}),
  argoCdHealth: z
    .boolean()
    .default(false)
    .describe('A ConfigMap with how healthy our objects are, for `argocd-cm` (docs/gitops.md)'),
});

export type ChartValues = z.output<typeof chartValues>;
