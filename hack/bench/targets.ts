// What is asked of the operator (the numbers of docs/benchmarks.md), and whether the measurement meets it.
import type { Backlog } from './scenarios/backlog.ts';
import type { Convergence } from './scenarios/convergence.ts';
import type { FloodFloor } from './scenarios/flood-floor.ts';
import type { FloodMeasured, FloodsMeasured } from './scenarios/flood.ts';
import type { EventLatency } from './scenarios/latency.ts';
import type { LiveLatency } from './scenarios/live.ts';
import type { Restart } from './scenarios/restart.ts';
import type { Revocation } from './scenarios/revocation.ts';
import type { Steady } from './scenarios/steady.ts';
import type { WebMeasured } from './scenarios/web.ts';

export interface Measured {
  convergence?: Convergence;
  restart?: Restart;
  steady?: Steady;
  latency?: EventLatency;
  revocation?: Revocation;
  backlog?: Backlog;
  flood?: FloodsMeasured;
  floodFloor?: Readonly<Record<string, FloodFloor>>;
  live?: LiveLatency;
  web?: WebMeasured;
}

export interface Target {
  readonly what: string;
  readonly atMost: number;
  readonly measured: number;
  readonly met: boolean;
}

/** One for each number that was measured. */
export const judge = (measured: Measured): readonly Target[] => {
  const { convergence, restart, steady, latency, revocation, backlog, live, flood = {} } = measured;
  return [
    target('AWS writes, times the floor', 1.2, convergence?.aws.timesFloor),
    target('AWS reads until all is granted, times the floor', 1.5, convergence?.aws.readsTimesFloor),
    target('AWS reads in steady state, times the floor of one look at each document', 1.5, steady?.readsTimesFloor),
    target('AWS reads of a revocation, times the floor', 1.5, revocation?.readsTimesFloor),
    target('API server writes per share until Ready', 4, convergence?.apiServer.writesPerShare),
    target('Events per share', 4, convergence?.apiServer.eventsPerShare),
    target('resident memory of the operator at its peak, MiB', 350, convergence?.memory.peak),
    target('AWS writes of a restart with everything in place', 0, restart?.aws.writes),
    target('AWS writes in steady state', 0, steady?.aws.writes),
    target('event to status seen, idle, p99 (holds event to run), ms', 50, latency?.eventToStatusSeen.p99),
    target('fresh share Ready in a backlog, p99, ms', 2_000, backlog?.freshShareReady.p99),
    target('change to event of a subscription, idle, p99, ms', 1_000, live?.changeToEvent.p99),
    target('revocation accepted by AWS, idle, p99, ms', 2_000, revocation?.acceptedByAws.p99),
    ...Object.entries(flood).flatMap(([name, found]) => judgeFlood(name, found)),
  ].flatMap((found) => found ?? []);
};

const judgeFlood = (name: string, found: FloodMeasured): readonly (Target | undefined)[] => [
  target(`fresh share Ready beside ${name}, the slowest, ms`, 2_000, Math.max(...found.freshShareReady)),
  target(`revocation beside ${name}, the slowest, ms`, 2_000, Math.max(...found.revocationAcceptedByAws)),
  target(`lost leases beside ${name}`, 0, found.lostLeases),
  target(`event loop delay beside ${name}, max, ms`, 50, found.eventLoopDelay.max),
];

const target = (what: string, atMost: number, measured: number | undefined): Target | undefined =>
  measured === undefined ? undefined : { what, atMost, measured, met: measured <= atMost };
