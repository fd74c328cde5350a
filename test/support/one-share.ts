// One share at a time in the small world of faults: made, looked at, and gone without a trace after each test.
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { ObjectName } from '../../operator/kernel/kind.ts';
import type { ShareItemStatus, ShareRequestStatus } from '../../operator/resources/share-request.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { NO_ACCESS, probeAccess, type Access } from './access-probe.ts';
import { leftovers } from './leftovers.ts';
import type { RoleName } from './sharing-data.ts';
import { ITEMS, SharingWorld, type Item } from './sharing-world.ts';

export const EVERYTHING: Access = {
  bucket: true,
  folders: ['raw/', 'raw2/'],
  tables: { orders: ['whole'], customers: ['whole'] },
};

export interface OneShare {
  /** From beforeAll on. */
  readonly world: SharingWorld;
  readonly reads: (role: RoleName) => Promise<Access>;
  readonly settled: (role: RoleName, access: Access) => Promise<void>;
  readonly statusOf: (name: string, role: RoleName) => Promise<ShareRequestStatus>;
  /** Request `one` of analysts, approved as it is asked for. */
  readonly share: (items?: readonly Item[], approved?: readonly Item[]) => Promise<void>;
  readonly requestOne: () => ObjectName;
  readonly approvalOfOne: () => ObjectName;
  /** Of that request, as its status has it. */
  readonly itemOf: (kind: Item['kind'], name: string) => Promise<ShareItemStatus | undefined>;
  /** Waits until Ready is False for `reason`, and answers its message. */
  readonly refusedFor: (reason: string, name?: string, role?: RoleName) => Promise<string>;
}

/** Registers the hooks of the file that calls it. */
export const oneShare = (options: Parameters<typeof SharingWorld.open>[0] = {}): OneShare => {
  let world: SharingWorld;
  beforeAll(async () => {
    world = await SharingWorld.open(options);
  });
  afterAll(async () => {
    await world.close();
  });
  beforeEach(async () => {
    await world.reset();
    world.start();
  });
  /** Whatever happened: once the requests are gone, so is everything that was given. */
  afterEach(async () => {
    world.faults.clear();
    for (const { metadata } of (await world.api.list(shareRequestKind)).items)
      await world.api.delete(shareRequestKind, metadata).catch(() => undefined);
    await world.until(async () => {
      expect((await world.api.list(shareRequestKind)).items).toEqual([]);
      expect(await leftovers(world.admin)).toEqual([]);
    });
  });
  const reads = async (role: RoleName): Promise<Access> => (await probeAccess(world.aws, world.admin))[role];
  const statusOf = async (name: string, role: RoleName): Promise<ShareRequestStatus> =>
    (await world.api.get(shareRequestKind, world.requestName(name, role))).status;
  return {
    get world() {
      return world;
    },
    reads,
    settled: async (role, access) => {
      await world.until(async () => expect(await reads(role)).toEqual(access));
    },
    statusOf,
    requestOne: () => world.requestName('one', 'analysts'),
    approvalOfOne: () => world.approvalName('one', 'analysts'),
    itemOf: async (kind, name) => {
      const { items = [] } = await statusOf('one', 'analysts');
      return items.find((item) => item.kind === kind && item.name === name);
    },
    share: async (items = ITEMS, approved = items) => {
      await world.request('one', 'analysts', { items: [...items] });
      await world.approve('one', 'analysts', { items: [...approved] });
    },
    refusedFor: async (reason, name = 'one', role = 'analysts') => {
      let message = '';
      await world.until(async () => {
        const ready = readyOf(await statusOf(name, role));
        expect(ready).toMatchObject({ status: 'False', reason });
        message = ready?.message ?? '';
      });
      expect(await reads(role)).toEqual(NO_ACCESS);
      return message;
    },
  };
};

export const readyOf = (status: ShareRequestStatus) => status.conditions?.find(({ type }) => type === 'Ready');
