// Words of a Dataset that nobody here knows: a typo in a group gives a team's data to nobody, one in a level changes who may ask. A warning
// only, because groups live in the identity provider and lists are made after what they list. Pure.
import type { InstallationConfig } from '../config.ts';
import type { ConditionInput } from '../kernel/conditions.ts';
import type { Dataset } from '../resources/dataset.ts';

export interface KnownWords {
  /** Owners and teams of the organization, groups of Teams in the environment, administrators of the installation. */
  readonly groups: ReadonlySet<string>;
  readonly catalog: InstallationConfig['catalog'];
}

/** For the condition `WordsUnknown`; none where every word is known. */
export const unknownWords = ({ spec }: Dataset, { groups, catalog }: KnownWords): readonly ConditionInput[] => {
  const named = [
    { field: 'spec.owner', names: [spec.owner] },
    { field: 'spec.stewards', names: spec.stewards ?? [] },
    { field: 'spec.s3.coOwners', names: spec.s3.coOwners ?? [] },
  ];
  const strangers = named.flatMap(({ field, names }) =>
    names
      .filter((group) => !groups.has(group))
      .map((group) => `${field}: no Team, Organization or Tenant knows a group ${group}`),
  );
  const { confidentialities, topics } = catalog;
  const level = confidentialities.includes(spec.confidentiality)
    ? []
    : [`spec.confidentiality: ${spec.confidentiality} is none of ${confidentialities.join(', ')}`];
  const others = topics.length === 0 ? [] : (spec.topics ?? []).filter((topic) => !topics.includes(topic));
  const unlisted = others.map((topic) => `spec.topics: ${topic} is none of the installation's`);
  const all = [...strangers, ...level, ...unlisted];
  if (all.length === 0) return [];
  return [
    { type: 'WordsUnknown', status: 'True', reason: 'WordsUnknown', message: `${all.join('; ')}: is it a typo?` },
  ];
};
