// The shape of an action: a route of the internal API, its limits, and what is done once RBAC has let the user.

import type { z } from 'zod';
import type { Platform } from '../controllers/reconcile/platform.ts';
import type { ReviewedObject } from './authorizer.ts';
import type { Route, RouteObject } from './contract/route.ts';
import type { AssertedUser } from './contract/user.ts';

export interface ActionContext {
  readonly platform: Platform;
  /** For whom it is done; holds the route's verb on the object. */
  readonly user: AssertedUser;
  readonly object: RouteObject;
  readonly requestId: string;
  /** Aborts when the time is over or the client has gone. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Asks for a right beside the route's own. @throws Problem `forbidden` */
  readonly demand: (verb: string, object: ReviewedObject) => Promise<void>;
  readonly may: (verb: string, object: ReviewedObject) => Promise<boolean>;
  /** Does what asks AWS in an account, as one of a few at once. @throws Problem `busy` */
  readonly inAccount: <T>(account: string, body: () => Promise<T>) => Promise<T>;
  /** What the audit record says beside who, what and how it ended. Never a secret. */
  readonly record: (detail: Readonly<Record<string, string | number>>) => void;
}

/** A value; or, where clients keep what they got, its tag and how its JSON is made. */
export type Reply<Answer> = { readonly value: Answer } | { readonly etag: string; readonly json: () => string };

export interface Action<Input extends z.ZodType = z.ZodType, Answer extends z.ZodType = z.ZodType> {
  readonly route: Route<Input, Answer>;
  readonly limits: {
    /** Until `timed-out`, authorization included. */
    readonly milliseconds: number;
    /** Of the answer; a larger one is a `too-large`. */
    readonly bytes: number;
  };
  run(context: ActionContext, input: z.output<Input>): Promise<Reply<z.input<Answer>>>;
}

export const defineAction = <Input extends z.ZodType, Answer extends z.ZodType>(
  action: Action<Input, Answer>,
): Action<Input, Answer> => action;
