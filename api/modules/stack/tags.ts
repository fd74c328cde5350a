// AWS tags of environments and datasets: `spec.tags` of the object, in data.all's shape.

import { createHash } from 'node:crypto';
import type { KeyValueTag, UpdateKeyValueTagsInput } from '../../graphql/schema-types.ts';
import type { GatewayContext } from '../../server/context.ts';
import { datasetKind } from '../../../operator/resources/dataset.ts';
import { environmentKind } from '../../../operator/resources/environment.ts';
import type { StackTarget } from './target.ts';
import { attemptOn } from './attempt.ts';

/** Stays the same as long as the tag has this key. */
const idOf = (uri: string, key: string): string =>
  createHash('sha256').update(`${uri}/${key}`).digest('hex').slice(0, 8);

export const tagsOf = ({ type, uri }: StackTarget, tags: StackTarget['tags']): KeyValueTag[] =>
  tags.map(({ key, value, cascade = false }) => ({
    tagUri: idOf(uri, key),
    targetType: type,
    targetUri: uri,
    key,
    value,
    cascade,
  }));

/** Writes all of them. */
export async function updateTags(
  context: GatewayContext,
  target: StackTarget,
  given: UpdateKeyValueTagsInput['tags'],
): Promise<KeyValueTag[]> {
  const tags = (given ?? []).flatMap((tag) =>
    tag ? [{ key: tag.key, value: tag.value, ...(tag.cascade && { cascade: true }) }] : [],
  );
  const settings = { attempt: attemptOn('UPDATE_KEY_VALUE_TAGS', target), dryRun: context.dryRun };
  const { namespace, name } = target.object;
  const edit = () => ({ tags });
  const changed =
    target.type === 'environment'
      ? await context.kubernetes.change(environmentKind, { name }, edit, settings)
      : await context.kubernetes.change(datasetKind, { namespace, name }, edit, settings);
  return tagsOf(target, changed.spec.tags ?? []);
}
