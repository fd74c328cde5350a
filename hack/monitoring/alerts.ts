// What somebody has to be woken for, or to look at by day, as Prometheus finds it. The chart's PrometheusRule and docs/runbook.md are made of it.
// oxlint-disable max-lines -- one table: whoever looks for an alert, or adds one, sees them all

export interface Alert {
  readonly name: string;
  readonly expr: string;
  /** For how long it has to be so, e.g. `5m`. */
  readonly for: string;
  /** `critical`: access is not taken, or nobody can work. `warning`: it is to be looked at by day. */
  readonly severity: 'critical' | 'warning';
  /** One line, in which `{{ $labels.x }}` and `{{ $value }}` are Prometheus's. */
  readonly summary: string;
  /** Markdown, the first thing to look at first. */
  readonly remedy: readonly string[];
}

const LOG = 'The log of its pods: `kubectl -n dataall-system logs -l app.kubernetes.io/component=';
const operatorLog = `${LOG}operator --since=15m\`.`;
const gatewayLog = `${LOG}gateway --since=15m\`; an error stands there with the \`requestId\` that people are told.`;
const indexerLog = `${LOG}indexer --since=15m\`.`;
const DATABASE =
  'PostgreSQL: does it answer, is its disk full, has it connections left? Nothing of ours has to be begun anew.';

const operator: readonly Alert[] = [
  {
    name: 'DataallOperatorDown',
    expr: 'absent(up{job=~".+/dataall-operator"} == 1)',
    for: '5m',
    severity: 'critical',
    summary: 'No operator answers: nothing is granted, repaired or taken back',
    remedy: [
      '`kubectl -n dataall-system get pods,events`: is there room, can the image be pulled?',
      `${operatorLog} A wrong key of the configuration is named in its last line.`,
      'What stands in AWS stays as it is meanwhile; the next operator begins there.',
    ],
  },
  {
    name: 'DataallOperatorWithoutLeader',
    expr: 'max(leader_election_master_status{name="dataall-operator"}) < 1',
    for: '2m',
    severity: 'critical',
    summary: 'Operators run and none leads: nothing is granted, repaired or taken back',
    remedy: ['`kubectl -n dataall-system get lease dataall-operator -o yaml` names who held it last.', operatorLog],
  },
  {
    name: 'DataallDeletionHangs',
    expr: 'max by (kind) (dataall_oldest_deletion_seconds) > 900',
    for: '5m',
    severity: 'critical',
    summary:
      'A {{ $labels.kind }} has been going for {{ $value | humanizeDuration }}: access that should have ended may be there',
    remedy: [
      '`kubectl get dataall -A` shows what is going; `kubectl describe` of it, its reason, which [conditions.md](conditions.md) explains.',
      'What AWS refuses for good: mend the account, or `dataall.io/abandon` ([operations.md](operations.md#ask-it-to-act)) after somebody has ended the access by hand.',
    ],
  },
  {
    name: 'DataallPoliciesMissing',
    expr: 'max by (kind) (dataall_objects{reason="PoliciesMissing"}) > 0',
    for: '5m',
    severity: 'critical',
    summary: 'Admission policies are missing or were changed: nothing is granted',
    remedy: [
      '`kubectl describe tenant default` names them; `helm upgrade` the release as docs/install.md says. Ask who changed them.',
    ],
  },
  {
    name: 'DataallReconcileHangs',
    expr: 'max by (controller) (workqueue_longest_running_processor_seconds) > 600',
    for: '5m',
    severity: 'warning',
    summary: 'A run of {{ $labels.controller }} takes {{ $value | humanizeDuration }}',
    remedy: [
      '`/debug/queues` of the leader names its key ([operations.md](operations.md#see-what-it-does)).',
      operatorLog,
    ],
  },
  {
    name: 'DataallQueueGrows',
    expr: 'sum by (controller) (workqueue_depth) > 100 and deriv(sum by (controller) (workqueue_depth)[30m:1m]) > 0',
    for: '30m',
    severity: 'warning',
    summary: '{{ $value }} keys wait for {{ $labels.controller }}, and they become more',
    remedy: [
      '`/debug/queues` of the leader: does one account have its share of the workers (`groupLimited`)? Then that account is slow or throttles.',
      '`dataall_aws_queued_requests` by service: a quota of AWS that is to be raised.',
    ],
  },
  {
    name: 'DataallReconcilesFail',
    expr: 'sum by (controller) (rate(controller_runtime_reconcile_errors_total[10m])) / sum by (controller) (rate(controller_runtime_reconcile_total[10m])) > 0.5',
    for: '30m',
    severity: 'warning',
    summary: 'More than half of the runs of {{ $labels.controller }} fail',
    remedy: [
      '`sum by (kind, reason) (dataall_objects{ready="False"})` shows what is not Ready and why; [conditions.md](conditions.md) says what to do.',
      operatorLog,
    ],
  },
  {
    name: 'DataallRunPanicked',
    expr: 'sum by (controller) (increase(controller_runtime_reconcile_panics_total[1h])) > 0',
    for: '0m',
    severity: 'warning',
    summary: 'A run of {{ $labels.controller }} threw what nobody foresaw',
    remedy: [`${operatorLog} It is tried again. Report it as a bug, with the stack.`],
  },
  {
    name: 'DataallAwsRefuses',
    expr: 'sum by (service, outcome) (increase(dataall_aws_requests_total{outcome=~"AccessDenied|NoTrust|NoCredentials|ExpiredCredentials"}[15m])) > 0',
    for: '15m',
    severity: 'warning',
    summary: 'AWS refuses calls of {{ $labels.service }}: {{ $labels.outcome }}',
    remedy: [
      "`NoCredentials`, `ExpiredCredentials`: the operator's own, by IRSA or EKS Pod Identity; `kubectl -n dataall-system describe serviceaccount dataall-operator`.",
      '`NoTrust`: an account has taken its consent back, or its pivot role is gone. Its Environment says so, with the next command.',
      "`AccessDenied`: the pivot role lacks what the object's message names; update its stack.",
    ],
  },
  {
    name: 'DataallEventsLost',
    expr: 'sum by (reason) (increase(dataall_events_ignored_total{reason=~"Malformed|Failed|Undeliverable"}[1h])) > 0',
    for: '0m',
    severity: 'warning',
    summary: 'Messages of accounts made no work: {{ $labels.reason }}',
    remedy: [
      'What they were about is found by the poll. The log has each; the queue that ends in `-dead` keeps it.',
      operatorLog,
    ],
  },
];

const gateway: readonly Alert[] = [
  {
    name: 'DataallGatewayDown',
    expr: 'sum by (job) (up{job=~".+/dataall-(gateway|indexer)"}) < 1',
    for: '2m',
    severity: 'critical',
    summary: 'No pod of {{ $labels.job }} answers',
    remedy: ['`/readyz` of a pod says why it is not ready.', DATABASE, gatewayLog],
  },
  {
    name: 'DataallGatewayFails',
    expr: 'sum(rate(dataall_gateway_request_duration_seconds_count{status=~"5.."}[5m])) / sum(rate(dataall_gateway_request_duration_seconds_count[5m])) > 0.01',
    for: '5m',
    severity: 'critical',
    summary: '{{ $value | humanizePercentage }} of requests to the gateway fail',
    remedy: [gatewayLog, DATABASE],
  },
  {
    name: 'DataallGatewaySlow',
    expr: 'histogram_quantile(0.95, sum by (le) (rate(dataall_gateway_request_duration_seconds_bucket{route="/graphql/api"}[5m]))) > 2',
    for: '10m',
    severity: 'warning',
    summary: 'One request of twenty takes longer than {{ $value | humanizeDuration }}',
    remedy: [DATABASE, 'More gateways, if their processors are busy.'],
  },
  {
    name: 'DataallGatewayLacksAService',
    expr: 'sum(rate(dataall_gateway_errors_total{code="ServiceUnavailable"}[5m])) > 0',
    for: '5m',
    severity: 'warning',
    summary: 'The gateway tells people that PostgreSQL, the API server or the operator does not answer',
    remedy: ['The log says which.', gatewayLog],
  },
  {
    name: 'DataallGatewayBug',
    expr: 'sum(increase(dataall_gateway_errors_total{code="INTERNAL_SERVER_ERROR"}[1h])) > 0',
    for: '0m',
    severity: 'warning',
    summary: 'Somebody was told of an error that nobody foresaw',
    remedy: [`${gatewayLog} Report it as a bug.`],
  },
  {
    name: 'DataallSearchDegraded',
    expr: 'sum(rate(dataall_gateway_degraded_searches_total[10m])) > 0',
    for: '10m',
    severity: 'warning',
    summary: 'OpenSearch is away; PostgreSQL answers searches',
    remedy: ['Its cluster and its access policy. Nothing is lost: what is written meanwhile is copied afterwards.'],
  },
  {
    name: 'DataallChangesNotHeard',
    expr: 'min by (pod) (dataall_live_listens) < 1',
    for: '2m',
    severity: 'warning',
    summary: 'Gateway {{ $labels.pod }} does not hear of changes: pages show them when they are loaded anew',
    remedy: [
      'Is there a pooler before PostgreSQL that lends connections for a transaction? Nothing is heard behind it.',
      gatewayLog,
    ],
  },
  {
    name: 'DataallChangesLate',
    expr: 'histogram_quantile(0.99, sum by (le) (rate(dataall_live_delay_seconds_bucket[5m]))) > 2',
    for: '5m',
    severity: 'warning',
    summary: 'Changes are shown {{ $value | humanizeDuration }} late',
    remedy: ['Raise `server.subscriptions.atOnce`, or run more gateways.'],
  },
  {
    name: 'DataallStreamsEnd',
    expr: 'sum by (reason) (increase(dataall_live_streams_ended_total{reason=~"slow|failed"}[1h])) > 20',
    for: '0m',
    severity: 'warning',
    summary: '{{ $value | humanize }} streams of changes ended: {{ $labels.reason }}',
    remedy: [
      '`slow`: a proxy collects answers of `/graphql/stream`, or clients hang.',
      '`failed`: the log says what. Report it as a bug.',
    ],
  },
];

const indexer: readonly Alert[] = [
  {
    name: 'DataallIndexerLags',
    expr: 'max(dataall_indexer_lag_seconds) > 60',
    for: '5m',
    severity: 'warning',
    summary: 'People see what is {{ $value | humanizeDuration }} old',
    remedy: [DATABASE, indexerLog],
  },
  {
    name: 'DataallIndexerWithoutLeader',
    expr: 'sum(dataall_indexer_leads) != 1',
    for: '5m',
    severity: 'critical',
    summary: '{{ $value }} indexers write the read model, and one has to: people see what is old',
    remedy: ['`kubectl -n dataall-system get lease dataall-indexer -o yaml`.', indexerLog],
  },
  {
    name: 'DataallIndexerCannotWrite',
    expr: 'sum(rate(dataall_indexer_failures_total{reason="database"}[5m])) > 0',
    for: '5m',
    severity: 'warning',
    summary: 'Writes to PostgreSQL fail; they are tried again',
    remedy: [DATABASE, indexerLog],
  },
  {
    name: 'DataallIndexerRefused',
    expr: 'sum(increase(dataall_indexer_failures_total{reason="refused"}[1h])) > 0',
    for: '0m',
    severity: 'warning',
    summary: 'PostgreSQL refuses a row: one object is not shown',
    remedy: [`${indexerLog} It names the object. Report it as a bug.`],
  },
  {
    name: 'DataallCataloguesOld',
    expr: 'sum(increase(dataall_indexer_catalogues_total{result="failed"}[1h])) > 0 unless sum(increase(dataall_indexer_catalogues_total{result!="failed"}[1h])) > 0',
    for: '1h',
    severity: 'warning',
    summary: 'Tables and columns are old: no catalogue could be asked for',
    remedy: [
      `${indexerLog} It says of which dataset, and why.`,
      'The internal API of the operator: its Secret, `callers` and `audience`.',
    ],
  },
  {
    name: 'DataallRebuildHangs',
    expr: 'max(dataall_indexer_rebuild_remaining) > 0',
    for: '1h',
    severity: 'warning',
    summary: 'A rebuild of the read model has been going on for an hour',
    remedy: [indexerLog, 'Begin it again; again is no harm ([operations.md](operations.md#the-read-model)).'],
  },
];

/** By group of the rule. */
export const alerts: Readonly<Record<string, readonly Alert[]>> = { operator, gateway, indexer };

/** As `spec.groups` of a PrometheusRule, or `groups` of a rule file, has them. */
export const ruleGroups: readonly object[] = Object.entries(alerts).map(([name, rules]) => ({
  name: `dataall-${name}`,
  rules: rules.map(({ name: alert, expr, for: since, severity, summary }) => ({
    alert,
    expr,
    for: since,
    labels: { severity },
    annotations: { summary, runbook: `docs/runbook.md#${alert.toLowerCase()}` },
  })),
}));
