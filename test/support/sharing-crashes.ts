// The operator killed at a call to AWS, before it is sent or after it is done, and started anew: the end is the same as without.
import { expect } from 'vitest';
import type { AwsCall } from '../../operator/aws/call.ts';
import type { AwsOptions } from '../../operator/aws/account.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { probeAccess } from './access-probe.ts';
import { leftovers } from './leftovers.ts';
import { consult, judgeAccess } from './oracle.ts';
import { ITEMS, type Item, type SharingWorld } from './sharing-world.ts';

type Phase = 'before' | 'after';

/** Which call kills the operator: the n-th (from 0) of all, or the first of a site `service:operation`. */
export interface CrashPoint {
  readonly at: number | string;
  readonly phase: Phase;
  /** Consent is taken back while nobody runs: nothing may be left of what was under way. */
  readonly withdrawn?: boolean;
}

/**
 * The ways to be killed at one call: before it; and of a write, which leaves something in AWS, after it, too, and between it and the status that
 * tells of it. Who is killed after a read has done no more than who is killed before.
 */
export const crashesAt = (at: CrashPoint['at'], { write }: Pick<AwsCall, 'write'>): readonly CrashPoint[] => [
  { at, phase: 'before' },
  ...(write
    ? [
        { at, phase: 'after' as const },
        { at, phase: 'after' as const, withdrawn: true },
      ]
    : []),
];

const ITEMS_WITH_FILTER: readonly Item[] = ITEMS.map((item) =>
  item.kind === 'Table' && item.name === 'orders' ? { ...item, filters: ['eu'] } : item,
);

/** Two shares come and go, one across accounts, one within; answers the calls in their order. */
export const playCrash = async (world: SharingWorld, crash: CrashPoint | undefined): Promise<readonly AwsCall[]> => {
  const calls: AwsCall[] = [];
  const numbers = new Map<AwsCall, number>();
  let crashed = false;
  const onCall: NonNullable<AwsOptions['onCall']> = (call, phase) => {
    if (phase === 'before') numbers.set(call, calls.push(call) - 1);
    if (crash === undefined || crashed || phase !== crash.phase) return;
    if (crash.at !== (typeof crash.at === 'number' ? numbers.get(call) : siteOf(call))) return;
    crashed = true;
    world.operator?.kill();
    throw new Error('killed');
  };
  /** Starts again what died. */
  const survive = async (): Promise<void> => {
    if (!crashed || world.operator?.isDead !== true) return;
    if (crash?.withdrawn === true) await withdraw(world);
    world.start({ onCall });
  };

  await world.reset();
  world.start({ onCall });
  await world.request('one', 'analysts', { items: [...ITEMS_WITH_FILTER] });
  await world.approve('one', 'analysts', { items: [...ITEMS_WITH_FILTER] });
  await world.request('four', 'inhouse', { permissions: ['Read', 'Write'] });
  await world.approve('four', 'inhouse', { permissions: ['Read', 'Write'] });
  await world.until(async () => {
    await survive();
    const found = await probeAccess(world.aws, world.admin);
    expect(judgeAccess(found, await consult(world.api, world.admin, world.clock.now()))).toEqual([]);
    if (!(crashed && crash?.withdrawn === true))
      expect(found.analysts.tables['orders']).toEqual(["region = 'eu' | id,region,amount"]);
  });
  await withdraw(world);
  await world.until(async () => {
    await survive();
    expect(await leftovers(world.admin)).toEqual([]);
    expect((await world.api.list(shareApprovalKind)).items.map(({ metadata }) => metadata.name)).toEqual([
      'sales-prod.four',
    ]);
    expect((await world.api.list(shareRequestKind)).items.map(({ metadata }) => metadata.name)).toEqual(['one']);
  });
  // The number of calls is not always the same: the last ones may not come.
  if (crash !== undefined && !(typeof crash.at === 'number' && crash.at >= calls.length)) expect(crashed).toBe(true);
  return calls;
};

/** One side each: the producer takes back an approval, the consumer a request. */
const withdraw = async (world: SharingWorld): Promise<void> => {
  await world.api.delete(shareApprovalKind, world.approvalName('one', 'analysts')).catch(() => undefined);
  await world.api.delete(shareRequestKind, world.requestName('four', 'inhouse')).catch(() => undefined);
};

export const siteOf = ({ service, operation }: AwsCall): string => `${service}:${operation}`;
