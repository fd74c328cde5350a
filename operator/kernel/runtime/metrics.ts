// The kernel's metrics under controller-runtime's names, so that existing dashboards and alerts work.

import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Clock } from '../clock.ts';
import type { QueueObserver } from './priority-queue.ts';
import type { ReflectorObserver } from '../cache/reflector.ts';

/** controller-runtime's buckets (pkg/internal/controller/metrics), seconds. */
const reconcileSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60]; // prettier-ignore
/** Narrower than its 1e-8 to 1e3: a Node process has nothing to tell below a tenth of a millisecond. */
const queueSeconds = [0.0001, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1000];

export type ReconcileOutcome = 'success' | 'requeue_after' | 'error' | 'stalled' | 'interrupted';

export interface ControllerMetrics {
  readonly queue: QueueObserver;
  started(key: string): void;
  finished(key: string, outcome: ReconcileOutcome): void;
  retried(): void;
  panicked(): void;
  timedOut(): void;
}

/** One per process and registry. */
export class KernelMetrics {
  readonly #clock: Clock;
  readonly #running = new Map<string, Map<string, number>>();
  readonly #total: Counter;
  readonly #errors: Counter;
  readonly #terminalErrors: Counter;
  readonly #panics: Counter;
  readonly #timeouts: Counter;
  readonly #time: Histogram;
  readonly #workers: Gauge;
  readonly #activeWorkers: Gauge;
  readonly #depth: Gauge;
  readonly #adds: Counter;
  readonly #queueTime: Histogram;
  readonly #workTime: Histogram;
  readonly #retries: Counter;
  readonly #reflector: Counter;
  readonly #leader: Gauge;

  constructor(registry: Registry, clock: Clock) {
    this.#clock = clock;
    const registers = [registry];
    const controller = ['controller'];
    const queue = ['name', 'controller'];
    const counter = (name: string, help: string, labelNames: string[]) =>
      new Counter({ name, help, labelNames, registers });
    this.#total = counter('controller_runtime_reconcile_total', 'Runs, by result', ['controller', 'result']);
    this.#errors = counter('controller_runtime_reconcile_errors_total', 'Runs that failed', controller);
    this.#terminalErrors = counter(
      'controller_runtime_terminal_reconcile_errors_total',
      'Runs that stalled',
      controller,
    );
    this.#panics = counter(
      'controller_runtime_reconcile_panics_total',
      'Runs that threw what is no error of the API',
      controller,
    );
    this.#timeouts = counter(
      'controller_runtime_reconcile_timeouts_total',
      'Runs that were aborted after their timeout',
      controller,
    );
    this.#time = new Histogram({ name: 'controller_runtime_reconcile_time_seconds', help: 'Length of a run', labelNames: controller, buckets: reconcileSeconds, registers }); // prettier-ignore
    this.#workers = new Gauge({ name: 'controller_runtime_max_concurrent_reconciles', help: 'Workers', labelNames: controller, registers }); // prettier-ignore
    this.#activeWorkers = new Gauge({ name: 'controller_runtime_active_workers', help: 'Workers in a run', labelNames: controller, registers }); // prettier-ignore
    this.#depth = new Gauge({ name: 'workqueue_depth', help: 'Items that wait for a worker', labelNames: [...queue, 'priority'], registers }); // prettier-ignore
    this.#adds = counter('workqueue_adds_total', 'Adds', queue);
    this.#queueTime = new Histogram({ name: 'workqueue_queue_duration_seconds', help: 'From ready to taken', labelNames: queue, buckets: queueSeconds, registers }); // prettier-ignore
    this.#workTime = new Histogram({ name: 'workqueue_work_duration_seconds', help: 'From taken to done', labelNames: queue, buckets: queueSeconds, registers }); // prettier-ignore
    this.#retries = counter('workqueue_retries_total', 'Adds after a failure', queue);
    this.#reflector = counter('kernel_reflector_total', 'Lists, watches and failures, by kind and event', [
      'kind',
      'event',
    ]);
    this.#leader = new Gauge({ name: 'leader_election_master_status', help: '1 while this process leads', labelNames: ['name'], registers }); // prettier-ignore
    this.#measureRunning('workqueue_unfinished_work_seconds', 'Sum of the ages of runs', registry, (ages) => ages.reduce((a, b) => a + b, 0)); // prettier-ignore
    this.#measureRunning('workqueue_longest_running_processor_seconds', 'Age of the oldest run', registry, (ages) => Math.max(0, ...ages)); // prettier-ignore
  }

  forController(controller: string, workers: number): ControllerMetrics {
    const queue = { name: controller, controller };
    const running = new Map<string, number>();
    this.#running.set(controller, running);
    this.#workers.set({ controller }, workers);
    this.#activeWorkers.set({ controller }, 0);
    // What is first shown with 1 never increased, for Prometheus: the first panic would alert nobody.
    this.#panics.inc({ controller }, 0);
    return {
      queue: {
        added: () => this.#adds.inc(queue),
        depth: (priority, change) => this.#depth.inc({ ...queue, priority }, change),
        taken: (waitedMs) => this.#queueTime.observe(queue, waitedMs / 1000),
      },
      started: (key) => {
        running.set(key, this.#clock.monotonic());
        this.#activeWorkers.inc({ controller });
      },
      finished: (key, result) => {
        const seconds = (this.#clock.monotonic() - (running.get(key) ?? 0)) / 1000;
        running.delete(key);
        this.#activeWorkers.dec({ controller });
        this.#time.observe({ controller }, seconds);
        this.#workTime.observe(queue, seconds);
        this.#total.inc({ controller, result });
        if (result === 'error' || result === 'stalled') this.#errors.inc({ controller });
        if (result === 'stalled') this.#terminalErrors.inc({ controller });
      },
      retried: () => this.#retries.inc(queue),
      panicked: () => this.#panics.inc({ controller }),
      timedOut: () => this.#timeouts.inc({ controller }),
    };
  }

  forReflector(kind: string): ReflectorObserver {
    return {
      listed: () => this.#reflector.inc({ kind, event: 'synced' }),
      watched: () => this.#reflector.inc({ kind, event: 'watch' }),
      failed: (reason) => this.#reflector.inc({ kind, event: reason }),
    };
  }

  leads(name: string, leads: boolean): void {
    this.#leader.set({ name }, leads ? 1 : 0);
  }

  #measureRunning(name: string, help: string, registry: Registry, combine: (ages: number[]) => number): void {
    const running = this.#running;
    const clock = this.#clock;
    const labelNames = ['name', 'controller'];
    const collect = function (this: Gauge) {
      const now = clock.monotonic();
      for (const [controller, starts] of running)
        this.set({ name: controller, controller }, combine([...starts.values()].map((start) => (now - start) / 1000)));
    };
    registry.registerMetric(new Gauge({ name, help, labelNames, registers: [], collect }));
  }
}
