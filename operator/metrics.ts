// What an on-call person asks of AWS and of our objects, beside the kernel's own metrics: are calls refused, does work wait for the
// throttle, what is not Ready and why, does a deletion hang. Labels are bounded: no account, no name.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ActionReport } from './actions/perform.ts';
import type { CallReport } from './aws/calls.ts';
import type { BucketState } from './aws/rate-limiter.ts';
import type { EventObserver } from './controllers/account-events/account-events.ts';
import { findCondition, type Condition } from './kernel/conditions.ts';
import type { Kind, KubeObject } from './kernel/kind.ts';
import type { Stores } from './kernel/cache/store.ts';
import type { KindDefinition } from './resources/kind.ts';
import { kinds } from './resources/kinds.ts';

type WithConditions = KubeObject & { readonly status?: { readonly conditions?: readonly Condition[] } };

/** An answer of AWS takes from milliseconds (S3) to several seconds (batches of Lake Formation). */
const answerSeconds = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Counts every call that was sent; to be given to the accounts as their `report`. */
export const observeCalls = (registry: Registry): ((report: CallReport) => void) => {
  const registers = [registry];
  const requests = new Counter({
    name: 'dataall_aws_requests_total',
    help: 'Calls sent to AWS, by what came of them: ok, or the kind of fault',
    labelNames: ['service', 'operation', 'outcome'],
    registers,
  });
  const durations = new Histogram({
    name: 'dataall_aws_request_duration_seconds',
    help: 'From sending a call to its answer',
    labelNames: ['service'],
    buckets: answerSeconds,
    registers,
  });
  const waits = new Counter({
    name: 'dataall_aws_throttle_wait_seconds_total',
    help: 'Time that calls waited for their turn',
    labelNames: ['service'],
    registers,
  });
  return ({ call: { service, operation }, outcome, waited, took }) => {
    requests.inc({ service, operation, outcome });
    durations.observe({ service }, took / 1_000);
    waits.inc({ service }, waited / 1_000);
  };
};

/** Counts what the internal API answered. */
export const observeActions = (registry: Registry): ((report: ActionReport) => void) => {
  const registers = [registry];
  const requests = new Counter({
    name: 'dataall_actions_total',
    help: 'Requests to the internal API, by action (none: the caller was not let in) and HTTP status',
    labelNames: ['action', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'dataall_action_duration_seconds',
    help: 'From a request to the internal API to its answer',
    labelNames: ['action'],
    buckets: answerSeconds,
    registers,
  });
  return ({ action, status, milliseconds }) => {
    requests.inc({ action, status });
    durations.observe({ action }, milliseconds / 1_000);
  };
};

/** Calls that wait for their turn now. */
export const observeThrottles = (registry: Registry, states: () => readonly BucketState[]): void => {
  const queued = new Gauge({
    name: 'dataall_aws_queued_requests',
    help: 'Calls that wait for their turn, over all accounts and regions',
    labelNames: ['service'],
    registers: [registry],
    collect() {
      queued.reset();
      for (const { key, queued: waiting } of states()) queued.inc({ service: key.split('/').at(-1) ?? '' }, waiting);
    },
  });
};

/** A trail hands on what happened within seconds or minutes; a queue keeps it for days. */
const eventSeconds = [1, 2.5, 5, 10, 15, 30, 60, 120, 300, 900, 3_600, 86_400];

/** Shown from the start: what is first shown with 1 never increased, for Prometheus, and the first loss would alert nobody. */
const EVENTS_LOST = ['Malformed', 'Failed', 'Undeliverable'] as const;

/** What comes of the messages that accounts send. */
export const observeEvents = (registry: Registry, now: () => number): EventObserver => {
  const registers = [registry];
  const received = new Counter({
    name: 'dataall_events_received_total',
    help: 'Messages from the queues of accounts',
    registers,
  });
  const ignored = new Counter({
    name: 'dataall_events_ignored_total',
    help: 'Messages that made no work, by why',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of EVENTS_LOST) ignored.inc({ reason }, 0);
  const latency = new Histogram({
    name: 'dataall_event_latency_seconds',
    help: 'From when something happened in AWS to the begin of a reconcile that the event caused',
    buckets: eventSeconds,
    registers,
  });
  return {
    received: () => received.inc(),
    ignored: (reason) => ignored.inc({ reason }),
    // The time is the sender's: what is no time, or a time to come, says nothing of us.
    caused: (happenedAt) => {
      const seconds = (now() - happenedAt) / 1_000;
      if (seconds >= 0) latency.observe(seconds);
    },
  };
};

/** Our objects by their Ready condition, and those that are being deleted. Counted when somebody asks. */
export const observeObjects = (registry: Registry, stores: Stores, now: () => number): void => {
  const registers = [registry];
  const listOf = (kind: KindDefinition): readonly WithConditions[] => stores.get(kind as Kind).list();
  const objects = new Gauge({
    name: 'dataall_objects',
    help: 'Objects by the status and reason of their Ready condition',
    labelNames: ['kind', 'ready', 'reason'],
    registers,
    collect() {
      objects.reset();
      for (const kind of kinds) {
        // Counted first: a series is looked up by the text of its labels, which for each of thousands of objects takes long.
        const counts = new Map<string, number>();
        for (const { status } of listOf(kind)) {
          const { status: ready = 'Unknown', reason = '' } = findCondition(status?.conditions, 'Ready') ?? {};
          const series = `${ready} ${reason}`;
          counts.set(series, (counts.get(series) ?? 0) + 1);
        }
        for (const [series, count] of counts) {
          const [ready = '', reason = ''] = series.split(' ');
          objects.set({ kind: kind.kind, ready, reason }, count);
        }
      }
    },
  });
  const oldest = new Gauge({
    name: 'dataall_oldest_deletion_seconds',
    help: 'How long the object has been going that was deleted first; 0 = none is going. A revocation that hangs shows here.',
    labelNames: ['kind'],
    registers,
    collect() {
      for (const kind of kinds) {
        const since = listOf(kind).flatMap(({ metadata: { deletionTimestamp } }) =>
          deletionTimestamp === undefined ? [] : [Date.parse(deletionTimestamp)],
        );
        oldest.set({ kind: kind.kind }, since.length === 0 ? 0 : (now() - Math.min(...since)) / 1_000);
      }
    },
  });
};
