// A field of Subscription: resolved like one of Query, and again whenever what it follows has changed.

import type { GatewayContext } from '../server/context.ts';
import type { Follow } from './following.ts';

/** @param resolve is given the arguments, and to whom it says on what the answer depends */
export const liveField = <Args, Result>(
  resolve: (args: Args, context: GatewayContext, following: Follow) => Result,
) => ({
  // What GraphQL itself would go by. Our streams run the field by themselves, each time with a context of its own.
  subscribe: (_: unknown, __: Args, { following }: GatewayContext) => following as unknown as AsyncIterable<undefined>,
  resolve: (_: unknown, args: Args, context: GatewayContext): Result =>
    resolve(args, context, context.following ?? NOTHING),
});

const NOTHING: Follow = { follow: () => undefined };
