// An environment while somebody fills in the form by which its account is linked.

export interface LinkDraft {
  readonly label: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly organizationUri: string;
  readonly account: string;
  readonly region: string;
  readonly owner: string;
  readonly prefix: string;
  readonly roleArn: string;
  readonly boundary: string;
}

export const newLinkDraft = (owner: string, organizationUri: string): LinkDraft => ({
  label: '',
  description: '',
  tags: [],
  organizationUri,
  account: '',
  region: '',
  owner,
  prefix: '',
  roleArn: '',
  boundary: '',
});

type Needed = 'label' | 'organizationUri' | 'account' | 'region' | 'owner';
const NEEDED: readonly Needed[] = ['label', 'organizationUri', 'account', 'region', 'owner'];

const isAccount = (text: string): boolean => /^\d{12}$/.test(text);

/** Fields that the form itself sees to be missing or wrong; the gateway says the rest. */
export const wrongLinkFields = (draft: LinkDraft): ReadonlySet<Needed> =>
  new Set(
    NEEDED.filter((field) => (field === 'account' ? !isAccount(accountOf(draft.account)) : draft[field].trim() === '')),
  );

/** The console writes it in groups of four. */
const accountOf = (typed: string): string => typed.replaceAll(/[\s-]/g, '');

/** Whether the external id is settled: it is another one for each organization, account, region and owner. */
export const whoLinks = ({ organizationUri, account, region, owner }: LinkDraft) => {
  const AwsAccountId = accountOf(account);
  const isSettled = organizationUri !== '' && isAccount(AwsAccountId) && /^[a-z]+(?:-[a-z]+)+-\d$/.test(region.trim());
  return isSettled && owner.trim() !== ''
    ? { organizationUri, AwsAccountId, region: region.trim(), SamlGroupName: owner.trim() }
    : undefined;
};

/** As the environment's own link command has it, whose execution policy may be narrowed. */
export function bootstrapCommand(
  { AwsAccountId, region }: { readonly AwsAccountId: string; readonly region: string },
  trusted: string,
): string {
  const policy = `arn:${partitionOf(region)}:iam::aws:policy/AdministratorAccess`;
  return `npx aws-cdk@2 bootstrap --trust ${trusted} --cloudformation-execution-policies ${policy} aws://${AwsAccountId}/${region}`;
}

const partitionOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
};

/** What createEnvironment takes of it. */
export const linkInputOf = (draft: LinkDraft) => ({
  label: draft.label.trim(),
  description: draft.description,
  tags: [...draft.tags],
  organizationUri: draft.organizationUri,
  AwsAccountId: accountOf(draft.account),
  region: draft.region.trim(),
  SamlGroupName: draft.owner.trim(),
  ...given({
    resourcePrefix: draft.prefix,
    EnvironmentDefaultIAMRoleArn: draft.roleArn,
    PermissionsBoundaryPolicyArn: draft.boundary,
  }),
});

const given = <Field extends string>(fields: Readonly<Record<Field, string>>): Partial<Record<Field, string>> =>
  Object.fromEntries(
    Object.entries<string>(fields)
      .map(([field, text]) => [field, text.trim()])
      .filter(([, text]) => text !== ''),
  ) as Partial<Record<Field, string>>;
