// The stack of an object: its state, what it is made of, and what happened to it last.

import { isTrue } from '../kernel/conditions.ts';
import { lookupSession } from '../controllers/environment/stack-props.ts';
import { defineAction, type ActionContext } from './action.ts';
import { MAX_RESOURCES, stackRoute } from './contract/stack.ts';
import { environmentOf, existing, notReady } from './objects.ts';
import { Problem } from './problem.ts';

export const stackAction = defineAction({
  route: stackRoute,
  limits: { milliseconds: 30_000, bytes: 2_000_000 },
  run: async (context, input) => {
    const { platform, object } = context;
    const environment = environmentOf(platform, object);
    // One that is not ready because of its stack is what people look at; one that does not let us in is not entered.
    if (!isTrue(environment.status.conditions, 'Trusted')) throw notReady(environment);
    const name = stackNameOf(context);
    const { cloudFormation, account, region } = lookupSession(platform, environment);
    return await context.inAccount(account, async () => {
      const stack = await cloudFormation.stack(name);
      if (stack === undefined)
        throw new Problem('not-ready', `There is no stack ${name} in account ${account} ${region}.`);
      const resources = await cloudFormation.resources(stack.id, MAX_RESOURCES);
      const events = input.events === 0 ? [] : await cloudFormation.latestEvents(stack.id);
      const { id: arn, status, reason, outputs } = stack;
      const value = {
        name,
        arn,
        account,
        region,
        status,
        reason,
        outputs: { ...outputs },
        updatedAt: stack.updatedAt?.toISOString(),
        resources: resources.map(({ updatedAt, ...resource }) => ({
          ...resource,
          updatedAt: updatedAt?.toISOString(),
        })),
        events: events
          .slice(0, input.events)
          .map(({ at, token: _token, ...event }) => ({ ...event, at: at.toISOString() })),
      };
      return { value };
    });
  },
});

/** As the status remembers it; that of a team is named like its workgroup. */
const stackNameOf = ({ platform, object }: ActionContext): string => {
  const { specs } = platform;
  const { namespace = '', name } = object;
  const found =
    object.resource === 'environments'
      ? existing(specs.environment(name), object)
      : object.resource === 'teams'
        ? existing(specs.team(namespace, name), object)
        : existing(specs.dataset(namespace, name), object);
  const stack =
    'stack' in found.status
      ? found.status.stack?.name
      : 'workgroup' in found.status
        ? found.status.workgroup
        : undefined;
  if (stack === undefined) throw notReady(found);
  return stack;
};
