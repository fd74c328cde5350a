// How many files a reader passes through who follows one share from its watch event to what is written to AWS and back to its status.
import { expect, it } from 'vitest';
import { filesOfChange } from '../support/call-path.ts';
import { oneShare } from '../support/one-share.ts';
import { BUCKET } from '../support/sharing-data.ts';
import type { Item } from '../support/sharing-world.ts';

/** CONTRIBUTING.md says what was counted, and what it was before. */
const MOST_FILES = 30;

/** If one of these is not found, it is the counting that is wrong. */
const LANDMARKS = [
  'kernel/cache/reflector.ts',
  'controllers/share/share-request.ts',
  'controllers/aws-document/aws-document.ts',
  'access/reconcile-document.ts',
  'aws/calls.ts',
  'kernel/runtime/object-writer.ts',
];

const one = oneShare();

it.each<[string, Item]>([
  ['bucket', { kind: 'Bucket', name: BUCKET }],
  ['table', { kind: 'Table', name: 'orders' }],
])(
  'a share of a %s goes through at most thirty files from its watch event to AWS and back to its status',
  async (_, item) => {
    await one.world.until(() => undefined);
    const { way, hops, all } = await filesOfChange(one.world, async () => {
      await one.share([item]);
      await one.world.until(async () => expect((await one.statusOf('one', 'analysts')).phase).toBe('Granted'));
    });
    const counted = `${way.length} files and ${hops.length} hops on the way, ${all.length} files in all:\n${hops.join('\n')}`;
    expect(way, counted).toEqual(expect.arrayContaining(LANDMARKS));
    expect(all, counted).toEqual(expect.arrayContaining([...way]));
    expect(way.length, counted).toBeLessThanOrEqual(MOST_FILES);
  },
);
