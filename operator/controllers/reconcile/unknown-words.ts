// Words of a spec that nobody here knows: a typo in a group gives a team's data to nobody, one in a level changes who may ask. A warning
// only, because groups live in the identity provider and lists are made after what they list. Where an unknown group is refused anyway
// (an environment's owner, a team, who asks, who decides), the refusal says so. Pure.
import type { ConditionInput } from '../../kernel/conditions.ts';
import type { ConsumptionRole } from '../../resources/consumption-role.ts';
import type { Dataset } from '../../resources/dataset.ts';
import type { Tenant } from '../../resources/tenant.ts';
import { listed } from '../share/message.ts';

export interface KnownWords {
  readonly groups: ReadonlySet<string>;
  readonly topics: readonly string[];
  /** Levels of confidentiality. */
  readonly levels: readonly string[];
}

/** For the condition `WordsUnknown`; none where every word is known. */
export const unknownWords = ({ spec }: Dataset, { groups, topics, levels }: KnownWords): readonly ConditionInput[] => {
  const level = levels.includes(spec.confidentiality)
    ? []
    : [`spec.confidentiality: ${spec.confidentiality} is none of ${levels.join(', ')}`];
  const others = topics.length === 0 ? [] : (spec.topics ?? []).filter((topic) => !topics.includes(topic));
  return told([
    ...strangers('spec.owner', [spec.owner], groups),
    ...strangers('spec.stewards', spec.stewards, groups),
    ...strangers('spec.s3.coOwners', spec.s3.coOwners, groups),
    ...level,
    ...others.map((topic) => `spec.topics: ${topic} is none of the installation's`),
  ]);
};

/** As of a dataset. */
export const unknownOwner = ({ spec }: ConsumptionRole, groups: ReadonlySet<string>): readonly ConditionInput[] =>
  told(strangers('spec.owner', [spec.owner], groups));

/** Groups that are limited: one that is mistyped limits nobody. */
export const unknownLimits = ({ spec }: Tenant, groups: ReadonlySet<string>): readonly ConditionInput[] =>
  told(
    strangers(
      'spec.permissions',
      spec.permissions?.map(({ group }) => group),
      groups,
    ),
  );

const strangers = (
  field: string,
  names: readonly string[] | undefined = [],
  groups: ReadonlySet<string>,
): readonly string[] =>
  names
    .filter((group) => !groups.has(group))
    .map((group) => `${field}: no Team, Organization or Tenant knows a group ${group}`);

const told = (all: readonly string[]): readonly ConditionInput[] =>
  all.length === 0
    ? []
    : [
        {
          type: 'WordsUnknown',
          status: 'True',
          reason: 'WordsUnknown',
          message: `${listed(all, 'spec')}: is it a typo?`,
        },
      ];
