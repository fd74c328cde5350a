// A field of Subscription: resolved like one of Query, and again whenever what it follows has changed.

import type { GatewayContext } from '../server/context.ts';
import type { Following } from './following.ts';

/** @param resolve is given the arguments, and to what it says on what the answer depends */
export const liveField = <Args, Result>(
  resolve: (args: Args, context: GatewayContext, following: Following) => Result,
) => ({
  // What GraphQL itself would go by. Our streams run the field by themselves, each time with a context of its own.
  subscribe: (_: unknown, __: Args, context: GatewayContext): Following => followingOf(context),
  resolve: (_: unknown, args: Args, context: GatewayContext): Result => resolve(args, context, followingOf(context)),
});

function followingOf({ following }: GatewayContext): Following {
  if (following === undefined) throw new Error('a subscription is asked for by what is no stream');
  return following;
}
