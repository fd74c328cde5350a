// The objects that actions are about, as the caches have them; what is not there, or not in a state to work with, is a problem.

import type { AccountAws } from '../aws/account.ts';
import { isServing } from '../controllers/environment/serving.ts';
import type { Platform } from '../controllers/reconcile/platform.ts';
import { findCondition } from '../kernel/conditions.ts';
import { objectKey } from '../kernel/kind.ts';
import type { Dataset } from '../resources/dataset.ts';
import type { Environment } from '../resources/environment.ts';
import type { Organization } from '../resources/organization.ts';
import type { ShareRequest } from '../resources/share-request.ts';
import type { Team } from '../resources/team.ts';
import type { RouteObject } from './contract/route.ts';
import { Problem } from './problem.ts';

type Found = Organization | Environment | Team | Dataset | ShareRequest;

/** Not one that is going. @throws Problem `not-found`, `not-ready` */
export const existing = <T extends Found>(found: T | undefined, object: RouteObject): T => {
  if (found === undefined) throw new Problem('not-found', `There is no ${object.resource}/${objectKey(object)}.`);
  if (found.metadata.deletionTimestamp !== undefined)
    throw new Problem('not-ready', `${found.kind} ${objectKey(found.metadata)} is being deleted.`);
  return found;
};

/** @throws Problem `not-found`, `not-ready` */
export const environmentOf = ({ specs }: Platform, { namespace, name, ...object }: RouteObject): Environment =>
  existing(specs.environment(namespace ?? name), { ...object, name: namespace ?? name });

/** The pivot role's session in an environment that can be worked in. @throws Problem `not-ready` */
export const sessionIn = (platform: Platform, environment: Environment): AccountAws => {
  const aws = isServing(environment) ? platform.accountOf(environment) : undefined;
  if (aws !== undefined) return aws;
  throw notReady(environment);
};

export const notReady = ({ kind, metadata, status }: Found): Problem => {
  const ready = findCondition(status.conditions, 'Ready');
  const why = ready === undefined || ready.status === 'True' ? '' : ` (${ready.reason}: ${ready.message})`;
  return new Problem('not-ready', `${kind} ${objectKey(metadata)} is not ready for it${why}: see its conditions.`);
};
