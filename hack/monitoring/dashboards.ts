// The Grafana dashboards, one for each question; JSON of them is in the chart. https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/

interface Panel {
  readonly title: string;
  /** Of Grafana: `s`, `short`, `percentunit`, ... */
  readonly unit: string;
  /** Legend of each series -> PromQL. */
  readonly queries: Readonly<Record<string, string>>;
}

interface Dashboard {
  readonly title: string;
  readonly panels: readonly Panel[];
}

const quantile = (of: number, metric: string, by: string): string =>
  `histogram_quantile(${of}, sum by (${['le', by].filter(Boolean).join(', ')}) (rate(${metric}_bucket[$__rate_interval])))`;
const rate = (selector: string, by: string): string => `sum by (${by}) (rate(${selector}[$__rate_interval]))`;

/** By file name. */
export const dashboards: Readonly<Record<string, Dashboard>> = {
  'dataall-operator': {
    title: 'data.all: sharing and reconciling',
    panels: [
      {
        title: 'Objects that are not Ready, by reason',
        unit: 'short',
        queries: { '{{kind}} {{reason}}': 'max by (kind, reason) (dataall_objects{ready="False"})' },
      },
      {
        title: 'Oldest deletion: access that should have ended',
        unit: 's',
        queries: { '{{kind}}': 'max by (kind) (dataall_oldest_deletion_seconds)' },
      },
      {
        title: 'From what happened in AWS to our reconcile',
        unit: 's',
        queries: {
          p50: quantile(0.5, 'dataall_event_latency_seconds', ''),
          p99: quantile(0.99, 'dataall_event_latency_seconds', ''),
        },
      },
      {
        title: 'Messages of accounts',
        unit: 'short',
        queries: {
          received: 'sum(rate(dataall_events_received_total[$__rate_interval]))',
          'no work: {{reason}}': rate('dataall_events_ignored_total', 'reason'),
        },
      },
      {
        title: 'Runs',
        unit: 'short',
        queries: { '{{controller}} {{result}}': rate('controller_runtime_reconcile_total', 'controller, result') },
      },
      {
        title: 'Length of a run, p99',
        unit: 's',
        queries: { '{{controller}}': quantile(0.99, 'controller_runtime_reconcile_time_seconds', 'controller') },
      },
      {
        title: 'Waiting for a worker',
        unit: 'short',
        queries: { '{{controller}}': 'sum by (controller) (workqueue_depth)' },
      },
      {
        title: 'Wait for a worker, p99',
        unit: 's',
        queries: { '{{controller}}': quantile(0.99, 'workqueue_queue_duration_seconds', 'controller') },
      },
      {
        title: 'Calls to AWS that were no success',
        unit: 'short',
        queries: { '{{service}} {{outcome}}': rate('dataall_aws_requests_total{outcome!="ok"}', 'service, outcome') },
      },
      {
        title: 'Answers of AWS, p99',
        unit: 's',
        queries: { '{{service}}': quantile(0.99, 'dataall_aws_request_duration_seconds', 'service') },
      },
      {
        title: 'Calls that wait for their turn',
        unit: 'short',
        queries: { '{{service}}': 'sum by (service) (dataall_aws_queued_requests)' },
      },
      {
        title: 'Leads',
        unit: 'short',
        queries: { '{{pod}}': 'max by (pod) (leader_election_master_status{name="dataall-operator"})' },
      },
    ],
  },
  'dataall-gateway': {
    title: 'data.all: gateway and read model',
    panels: [
      {
        title: 'Requests',
        unit: 'reqps',
        queries: { '{{route}} {{status}}': rate('dataall_gateway_request_duration_seconds_count', 'route, status') },
      },
      {
        title: 'Time to answer, p95',
        unit: 's',
        queries: { '{{route}}': quantile(0.95, 'dataall_gateway_request_duration_seconds', 'route') },
      },
      {
        title: 'Errors in answers',
        unit: 'short',
        queries: { '{{code}}': rate('dataall_gateway_errors_total', 'code') },
      },
      {
        title: 'How old the read model is',
        unit: 's',
        queries: { lag: 'max(dataall_indexer_lag_seconds)', pending: 'max(dataall_indexer_pending)' },
      },
      { title: 'Rows', unit: 'short', queries: { '{{table}}': 'max by (table) (dataall_read_model_rows)' } },
      {
        title: 'Writes that failed',
        unit: 'short',
        queries: { '{{reason}}': rate('dataall_indexer_failures_total', 'reason') },
      },
      { title: 'Subscriptions', unit: 'short', queries: { '{{pod}}': 'sum by (pod) (dataall_live_subscriptions)' } },
      {
        title: 'From a change to its telling, p99',
        unit: 's',
        queries: { p99: quantile(0.99, 'dataall_live_delay_seconds', '') },
      },
      {
        title: 'Searches without OpenSearch',
        unit: 'short',
        queries: { searches: 'sum(rate(dataall_gateway_degraded_searches_total[$__rate_interval]))' },
      },
      {
        title: 'Event loop lag, p99',
        unit: 's',
        queries: { '{{pod}}': 'max by (pod) (nodejs_eventloop_lag_p99_seconds)' },
      },
    ],
  },
};

const WIDTH = 12;
const HEIGHT = 8;

/** Grafana's JSON model of it, whose data source is chosen by who looks. */
export const grafanaModel = (uid: string, { title, panels }: Dashboard): object => ({
  uid,
  title,
  tags: ['data.all'],
  timezone: 'browser',
  schemaVersion: 39,
  refresh: '30s',
  time: { from: 'now-6h', to: 'now' },
  templating: { list: [{ name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' }] },
  panels: panels.map(({ title: panelTitle, unit, queries }, index) => ({
    id: index + 1,
    title: panelTitle,
    type: 'timeseries',
    datasource: { type: 'prometheus', uid: '${datasource}' },
    gridPos: { x: (index % 2) * WIDTH, y: Math.floor(index / 2) * HEIGHT, w: WIDTH, h: HEIGHT },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    targets: Object.entries(queries).map(([legendFormat, expr], nth) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + nth),
      expr,
      legendFormat,
    })),
  })),
});
