// Changes of environments: written as Environment objects in the name of who asks.

import { environmentKind, type Environment } from '../../../operator/resources/environment.ts';
import type { MutationResolvers } from '../../graphql/schema-types.ts';
import { objectName } from '../../kubernetes/object-name.ts';
import type { Attempt } from '../../kubernetes/refusal.ts';
import { asRead } from '../../read-model/object-columns.ts';
import { environmentRow } from '../../read-model/projections/environment.ts';
import { failure } from '../../server/failure.ts';
import { givenTexts, requiredText } from '../../server/input.ts';
import { organizationFor } from '../organization/mutations.ts';
import type { EnvironmentRow } from './environment.ts';
import { demandNothingMore } from './not-there-yet.ts';
import { environmentFor } from './queries.ts';

/** What is known of it beside the object. */
type Seen = Pick<EnvironmentRow, 'organization_seen' | 'invited'>;

const attemptOn = (action: string, permission: string, uri: string): Attempt => ({
  action,
  permission,
  what: 'Environment',
  uri,
});

/** The answer is what was written, also where it is a dry run or cannot be read back yet. */
function answered(environment: Environment, seen: Seen): EnvironmentRow {
  const { spec, status } = environment;
  return {
    ...asRead(environmentRow(environment)),
    organization_seen: seen.organization_seen,
    invited: seen.invited,
    role_imported: spec.defaultRoleArn !== undefined,
    boundary_arn: spec.permissionsBoundaryArn ?? null,
    bucket: status.buckets?.environment ?? null,
    logs_bucket: status.buckets?.logs ?? null,
    external_id: status.externalId ?? null,
    link_command: status.linkCommand ?? null,
    used_by: status.usedBy ?? null,
    stack: status.stack ?? null,
  };
}

/** Kubernetes keeps names that begin with `kube-` to itself, whatever people call their environments. */
const nameFor = (label: string, spec: object): string => {
  const name = objectName(label, spec);
  return name.startsWith('kube-') ? objectName(`env ${label}`, spec) : name;
};

export const environmentMutations: MutationResolvers = {
  createEnvironment: async (_, { input }, context) => {
    const action = 'CREATE_ENVIRONMENT';
    const text = (name: 'label' | 'organizationUri' | 'SamlGroupName' | 'AwsAccountId' | 'region'): string =>
      requiredText(action, name, input[name]);
    const label = text('label');
    const owner = text('SamlGroupName');
    const account = { id: text('AwsAccountId'), region: text('region') };
    demandNothingMore(action, input);
    const organization = await organizationFor(context, action, text('organizationUri'));
    const catalogTags = givenTexts(input.tags);
    const spec = {
      organization: organization.name,
      label,
      owner,
      account,
      ...(input.description ? { description: input.description } : {}),
      ...(input.resourcePrefix ? { resourcePrefix: input.resourcePrefix } : {}),
      ...(input.EnvironmentDefaultIAMRoleArn ? { defaultRoleArn: input.EnvironmentDefaultIAMRoleArn } : {}),
      ...(input.PermissionsBoundaryPolicyArn ? { permissionsBoundaryArn: input.PermissionsBoundaryPolicyArn } : {}),
      ...(catalogTags.length > 0 && { catalogTags }),
    };
    const name = nameFor(label, spec);
    const attempt: Attempt = { action, permission: 'LINK_ENVIRONMENT', what: 'Organization', uri: organization.uri };
    const { dryRun } = context;
    const made = await context.kubernetes.create(environmentKind, { name }, spec, { attempt, dryRun });
    const organization_seen = { organizationUri: organization.uri, label: organization.label, name: organization.name };
    return answered(made, { organization_seen, invited: false });
  },

  updateEnvironment: async (_, { environmentUri, input }, context) => {
    const attempt = attemptOn('UPDATE_ENVIRONMENT', 'UPDATE_ENVIRONMENT', environmentUri);
    demandNothingMore(attempt.action, input);
    const row = await environmentFor(context, attempt.action, environmentUri);
    const { dryRun } = context;
    const edit = () => ({
      ...(input.label ? { label: input.label } : {}),
      ...(typeof input.description === 'string' && { description: input.description || undefined }),
      ...(input.tags && { catalogTags: givenTexts(input.tags) }),
      ...(input.SamlGroupName ? { owner: input.SamlGroupName } : {}),
      ...(input.resourcePrefix ? { resourcePrefix: input.resourcePrefix } : {}),
      ...(typeof input.PermissionsBoundaryPolicyArn === 'string' && {
        permissionsBoundaryArn: input.PermissionsBoundaryPolicyArn || undefined,
      }),
    });
    const { name } = row;
    const changed = await context.kubernetes.change(environmentKind, { name }, edit, { attempt, dryRun });
    return answered(changed, row);
  },

  deleteEnvironment: async (_, { environmentUri, deleteFromAWS }, context) => {
    const attempt = attemptOn('DELETE_ENVIRONMENT', 'DELETE_ENVIRONMENT', environmentUri);
    const row = await environmentFor(context, attempt.action, environmentUri);
    demandUnused(attempt.action, row);
    const settings = { attempt, dryRun: context.dryRun };
    const { name } = row;
    await context.kubernetes.change(
      environmentKind,
      { name },
      ({ deletionPolicy }) => ({ deletionPolicy: policyFor(deleteFromAWS, deletionPolicy) }),
      settings,
    );
    await context.kubernetes.delete(environmentKind, { name }, settings);
    return true;
  },
};

type DeletionPolicy = Environment['spec']['deletionPolicy'];

/** Whoever wrote into the environment that its data goes too, is not contradicted by a client that knows only true and false. */
function policyFor(deleteFromAws: boolean | null | undefined, now: DeletionPolicy): DeletionPolicy {
  if (deleteFromAws === null || deleteFromAws === undefined) return now;
  if (!deleteFromAws) return 'Retain';
  return now === 'Retain' ? 'Delete' : now;
}

function demandUnused(action: string, { name, in_use: users, used_by: usedBy }: EnvironmentRow): void {
  if (users === 0) return;
  const named = usedBy?.join(', ') ?? 'which not everybody who sees the environment may see';
  const more = usedBy !== null && usedBy.length < users ? ', ...' : '';
  const text = `Environment ${name} is in use by ${users} objects (${named}${more}): delete them first`;
  throw failure({ class: 'EnvironmentResourcesFound', action, text, facts: { users, usedBy: usedBy ?? [] } });
}
