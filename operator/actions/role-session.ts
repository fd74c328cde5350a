// Sessions of roles for people: of an environment's owner, of a team, of a dataset, each entered from the pivot role, whose own keys stay here.

import { isFault } from '../aws/fault.ts';
import type { RoleSession } from '../aws/services/sts.ts';
import { disabledMessage, type Switch } from '../features/features.ts';
import { objectKey } from '../kernel/kind.ts';
import { iamArn, partitionOf } from '../policy/arn.ts';
import type { Environment } from '../resources/environment.ts';
import { hash6 } from '../resources/names.ts';
import type { ActionContext } from './action.ts';
import { environmentOf, existing, notReady, sessionIn } from './objects.ts';
import { Problem } from './problem.ts';

/** A role that people work as, with what is known of it. */
interface PersonalRole {
  readonly environment: Environment;
  readonly arn: string;
  /** Unique id, where it is known: a re-created one has another. */
  readonly id: string | undefined;
  /** Where the console opens. */
  readonly path: string;
}

export interface PersonalSession {
  readonly role: PersonalRole;
  readonly session: RoleSession;
}

/** Makes a session of the object's role in the user's name, and records it. @throws Problem, AwsFault */
export const enterRole = async (context: ActionContext, durationSeconds: number): Promise<PersonalSession> => {
  demandFeature(context);
  const role = roleOf(context);
  const { environment, arn } = role;
  const aws = sessionIn(context.platform, environment);
  const sessionName = sessionNameOfUser(context.user.name);
  const session = await context
    .inAccount(aws.account, () => aws.sts.assumeRole({ arn, sessionName, duration: durationSeconds }))
    .catch((error: unknown) => {
      throw isFault(error, 'NoTrust') ? cannotBeEntered(role, error) : error;
    });
  // Whoever made another role of the name decides who uses it, and what it does in the name of the user.
  if (role.id !== undefined && role.id !== session.roleId)
    throw new Problem('not-ready', `${arn} was made anew by somebody else: request a reconcile of its object.`);
  context.record({ roleArn: arn, sessionName, durationSeconds, expiration: session.expiration.toISOString() });
  return { role, session };
};

/** As GraphQL answers; here too, because the gateway is not the only one that may call. */
const demandFeature = ({ platform, object }: ActionContext): void => {
  const key: Switch =
    object.resource === 'datasets' ? 'modules.s3_datasets.features.aws_actions' : 'core.features.env_aws_actions';
  if (!platform.config.features.isOn(key)) throw new Problem('switched-off', disabledMessage(key));
};

const cannotBeEntered = ({ environment, arn }: PersonalRole, cause: unknown): Problem =>
  new Problem(
    'aws-refused',
    `${environment.status.pivotRole?.arn ?? 'The pivot role'} may not enter ${arn}: request a reconcile of its object, which puts its trust right.`,
    { cause },
  );

const roleOf = ({ platform, object }: ActionContext): PersonalRole => {
  const environment = environmentOf(platform, object);
  const role = { environment, path: 'console/home' };
  switch (object.resource) {
    case 'environments': {
      const { spec, status } = environment;
      return ours({ ...role, ...identity(status.defaultRole) }, environment, spec.defaultRoleArn);
    }
    case 'teams': {
      const team = existing(platform.specs.team(environment.metadata.name, object.name), object);
      const { roleArn: arn, roleId: id } = team.status;
      if (team.spec.suspend === true) throw notReady(team);
      return ours({ ...role, ...identity(arn === undefined ? undefined : { arn, id }) }, team, team.spec.roleArn);
    }
    case 'datasets': {
      const dataset = existing(platform.specs.dataset(environment.metadata.name, object.name), object);
      const { roleArn: arn, bucket } = dataset.status;
      const path = bucket === undefined ? role.path : `s3/buckets/${bucket}`;
      const known = identity(arn === undefined ? undefined : { arn, id: undefined });
      return ours({ ...role, ...known, path }, dataset, dataset.spec.s3.roleArn);
    }
    default:
      throw new Problem('not-found', `${object.resource} have no role.`);
  }
};

const identity = (
  found: { readonly arn: string; readonly id?: string | undefined } | undefined,
): Pick<PersonalRole, 'id'> & { readonly arn: string | undefined } => ({ arn: found?.arn, id: found?.id });

/** One that our stacks made: of the names that the pivot role may enter, and never the pivot role. @param brought a role of people's own */
const ours = (
  role: Omit<PersonalRole, 'arn'> & { readonly arn: string | undefined },
  object: Parameters<typeof notReady>[0],
  brought: string | undefined,
): PersonalRole => {
  const { environment, arn } = role;
  if (brought !== undefined)
    throw new Problem(
      'not-ready',
      `The role of ${object.kind} ${objectKey(object.metadata)} is ${brought}, which was brought along: enter it as its account lets you.`,
    );
  if (arn === undefined) throw notReady(object);
  const { account, resourcePrefix } = environment.spec;
  const start = iamArn(partitionOf(account.region), account.id, `role/${resourcePrefix}-`);
  const isOurs = arn.startsWith(start) && !arn.slice(start.length).includes('/');
  if (!isOurs || arn === environment.status.pivotRole?.arn)
    throw new Problem('not-ready', `${arn} is none of the roles that people are let into.`);
  return { ...role, arn };
};

const LONGEST_SESSION_NAME = 64;

/**
 * As CloudTrail shows who it was. STS takes [\w+=,.@-]{2,64}; a name that has to be changed ends with a hash, so that no two people
 * have the same. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export const sessionNameOfUser = (user: string): string => {
  const name = user.replaceAll(/[^\w+=,.@-]/g, '-');
  if (name === user && name.length >= 2 && name.length <= LONGEST_SESSION_NAME) return name;
  return `${name.slice(0, LONGEST_SESSION_NAME - 7)}-${hash6(user)}`;
};
