// Tags of users, roles and managed policies.
import type { Tag } from '@aws-sdk/client-iam';
import { operation, type AnyOperation, type Call, type Need } from '../../core/operation.ts';
import { findIdentity, identityNamed, noSuchEntity, requestTags, tagList, tagMap } from './identities.ts';
import { pageOf, type Paging } from './paging.ts';
import { limitExceeded, TAGS_PER_RESOURCE } from './quotas.ts';
import { iamState } from './state.ts';

interface TagInput extends Paging {
  readonly RoleName?: string;
  readonly UserName?: string;
  readonly PolicyArn?: string;
  readonly Tags?: readonly Tag[];
  readonly TagKeys?: readonly string[];
}

/** What can carry tags, and how an input names it. */
interface Taggable {
  readonly kind: 'Role' | 'User' | 'Policy';
  arnOf(input: TagInput, call: Call): string;
  tagsOf(input: TagInput, call: Call): Map<string, string>;
}

const identity = (kind: 'Role' | 'User'): Taggable => ({
  kind,
  arnOf: (input, call) => {
    const name = input[`${kind}Name`] ?? '';
    return findIdentity(kind, call, name)?.arn ?? `arn:aws:iam::${call.account}:${kind.toLowerCase()}/${name}`;
  },
  tagsOf: (input, call) => identityNamed(kind, call, input[`${kind}Name`] ?? '').tags,
});

const managedPolicy: Taggable = {
  kind: 'Policy',
  arnOf: (input) => input.PolicyArn ?? '*',
  tagsOf: (input, call) => {
    const policy = iamState(call.world, call.account).policies.get(input.PolicyArn ?? '');
    if (policy === undefined) throw noSuchEntity(`Policy ${input.PolicyArn} was not found.`);
    return policy.tags;
  },
};

const operationsFor = (taggable: Taggable): Readonly<Record<string, AnyOperation>> => {
  const { kind } = taggable;
  const need =
    (action: string, context: (input: TagInput) => Need['context'] = () => ({})) =>
    (input: TagInput, call: Call): Need[] => [
      { action: `iam:${action}`, resource: taggable.arnOf(input, call), context: context(input) ?? {} },
    ];
  return {
    [`Tag${kind}`]: operation<TagInput, object>({
      access: 'write',
      needs: need(`Tag${kind}`, (input) => requestTags(input.Tags)),
      handle(input, call) {
        const tags = taggable.tagsOf(input, call);
        const added = tagMap(input.Tags);
        if (new Set([...tags.keys(), ...added.keys()]).size > TAGS_PER_RESOURCE) {
          throw limitExceeded(`Cannot exceed quota for TagsPer${kind}: ${TAGS_PER_RESOURCE}`);
        }
        for (const [key, value] of added) tags.set(key, value);
        return {};
      },
    }),
    [`Untag${kind}`]: operation<TagInput, object>({
      access: 'write',
      needs: need(`Untag${kind}`, (input) => ({ 'aws:TagKeys': input.TagKeys ?? [] })),
      handle(input, call) {
        const tags = taggable.tagsOf(input, call);
        for (const key of input.TagKeys ?? []) tags.delete(key);
        return {};
      },
    }),
    [`List${kind}Tags`]: operation<TagInput, object>({
      access: 'read',
      needs: need(`List${kind}Tags`),
      handle(input, call) {
        const { items, ...page } = pageOf(tagList(taggable.tagsOf(input, call)), input);
        return { Tags: items, ...page };
      },
    }),
  };
};

export const tagOperations: Readonly<Record<string, AnyOperation>> = {
  ...operationsFor(identity('Role')),
  ...operationsFor(identity('User')),
  ...operationsFor(managedPolicy),
};
