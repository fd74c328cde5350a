// What clients say of a dataset, as fields of its spec. Pure.

import type { Dataset } from '../../../operator/resources/dataset.ts';
import type { ImportDatasetInput, ModifyDatasetInput, NewDatasetInput } from '../../graphql/schema-types.ts';
import { invalidInput, requiredParameter } from '../../server/failure.ts';
import { givenTexts, requiredText } from '../../server/input.ts';
import { firstSteward } from './dataset.ts';
import { expirationSettings, isKnownTopic } from './words.ts';

type Spec = Dataset['spec'];
type Sharing = NonNullable<Spec['sharing']>;
type Text = string | null | undefined;
type Texts = readonly Text[] | null | undefined;

/** What is neither kept nor quietly dropped: who sends it learns where it belongs. */
export function refuseUnlessEmpty(action: string, name: string, value: Text | Texts, instead: string): void {
  const texts = givenTexts(typeof value === 'string' ? [value] : value);
  if (texts.length > 0) throw invalidInput(action, name, texts.join(', '), `empty: ${instead}`);
}

/** Of a new dataset, all but where its data is. @throws GraphQLError RequiredParameter, InvalidInput */
export function newSpec(action: string, input: NewDatasetInput | ImportDatasetInput): Omit<Spec, 's3'> {
  refuseBusinessOwner(action, input);
  const label = requiredText(action, 'label', input.label);
  const owner = requiredText(action, 'SamlAdminGroupName', input.SamlAdminGroupName);
  const stewards = stewardsOf(input, { owner, stewards: [] });
  const topics = givenTexts([...(input.topics ?? []), ...(input.topicNames ?? [])]);
  const tags = givenTexts(input.tags);
  const sharing = sharingOf(action, input, undefined);
  return {
    label,
    ...(input.description ? { description: input.description } : {}),
    owner,
    ...(stewards?.length ? { stewards } : {}),
    confidentiality: requiredText(action, 'confidentiality', input.confidentiality),
    ...(topics.length > 0 && { topics }),
    ...(input.language ? { language: input.language } : {}),
    ...(tags.length > 0 && { catalogTags: tags }),
    ...(sharing && { sharing }),
  } as Omit<Spec, 's3'>;
}

/** The fields that the input gives other values. `undefined` takes a field away. */
export function changedSpec(action: string, input: ModifyDatasetInput, spec: Spec): Partial<Spec> {
  refuseBusinessOwner(action, input);
  const owner = input.SamlAdminGroupName ?? spec.owner;
  const stewards = stewardsOf(input, { owner: spec.owner, stewards: spec.stewards ?? [] });
  return {
    ...(input.label ? { label: input.label } : {}),
    ...(typeof input.description === 'string' && { description: input.description || undefined }),
    owner,
    ...(stewards && { stewards: orUnset(stewards) }),
    ...(input.tags && { catalogTags: orUnset(givenTexts(input.tags)) }),
    ...((input.topics ?? input.topicNames) && { topics: orUnset(topicsOf(input, spec.topics ?? [])) }),
    ...(input.terms && { terms: orUnset(givenTexts(input.terms)) }),
    ...(input.language ? { language: input.language } : {}),
    ...(input.confidentiality ? { confidentiality: input.confidentiality } : {}),
    ...(saysOfSharing(input) && { sharing: sharingOf(action, input, spec.sharing) }),
  };
}

/** An empty list says nothing, and the schema refuses some. */
const orUnset = (values: string[]): string[] | undefined => (values.length > 0 ? values : undefined);

function refuseBusinessOwner(action: string, input: NewDatasetInput | ImportDatasetInput | ModifyDatasetInput): void {
  const instead = 'who is asked are the owning group and the stewards, so name a group there';
  refuseUnlessEmpty(action, 'businessOwnerEmail', input.businessOwnerEmail, instead);
  refuseUnlessEmpty(action, 'businessOwnerDelegationEmails', input.businessOwnerDelegationEmails, instead);
}

/** Clients that know of one steward alone send back what they were shown, which changes nothing. @returns undefined: as they are */
function stewardsOf(
  { stewards, stewardGroups }: { readonly stewards?: Text; readonly stewardGroups?: Texts },
  before: { readonly owner: string; readonly stewards: readonly string[] },
): string[] | undefined {
  const withoutOwner = (groups: Texts): string[] => givenTexts(groups).filter((group) => group !== before.owner);
  if (stewardGroups) return withoutOwner(stewardGroups);
  if (!stewards || stewards === firstSteward({ owner: before.owner, stewards: [...before.stewards] })) return undefined;
  return withoutOwner([stewards]);
}

/** Those that a client of data.all cannot name stay. */
function topicsOf({ topics, topicNames }: ModifyDatasetInput, before: readonly string[]): string[] {
  if (topicNames) return givenTexts(topicNames);
  return givenTexts([...(topics ?? []), ...before.filter((topic) => !isKnownTopic(topic))]);
}

type SharingInput = Pick<
  ModifyDatasetInput,
  'autoApprovalEnabled' | 'enableExpiration' | 'expirySetting' | 'expiryMinDuration' | 'expiryMaxDuration'
>;

const saysOfSharing = (input: SharingInput): boolean =>
  [
    input.autoApprovalEnabled,
    input.enableExpiration,
    input.expirySetting,
    input.expiryMinDuration,
    input.expiryMaxDuration,
  ].some((value) => value !== undefined && value !== null);

function sharingOf(action: string, input: SharingInput, before: Sharing | undefined): Sharing | undefined {
  const autoApproval = input.autoApprovalEnabled ?? before?.autoApproval;
  const expiration = expirationOf(action, input, before?.expiration);
  const isUnset = autoApproval === undefined || (!autoApproval && before?.autoApproval === undefined);
  if (isUnset && expiration === undefined) return undefined;
  return { ...(!isUnset && { autoApproval }), ...(expiration && { expiration }) };
}

function expirationOf(
  action: string,
  input: SharingInput,
  before: Sharing['expiration'],
): Sharing['expiration'] | undefined {
  const isOn = input.enableExpiration ?? before !== undefined;
  if (!isOn) return undefined;
  const word = input.expirySetting || before?.setting;
  if (!word) throw requiredParameter(action, 'expirySetting');
  if (!(word in expirationSettings)) throw invalidInput(action, 'expirySetting', word, 'Monthly or Quarterly');
  const setting = expirationSettings[word as keyof typeof expirationSettings];
  const min = input.expiryMinDuration ?? before?.min;
  const max = input.expiryMaxDuration ?? before?.max;
  if (min === undefined) throw requiredParameter(action, 'expiryMinDuration');
  if (max === undefined) throw requiredParameter(action, 'expiryMaxDuration');
  if (min > max) throw invalidInput(action, 'expiryMinDuration', String(min), `at most expiryMaxDuration, ${max}`);
  return { setting, min, max };
}
