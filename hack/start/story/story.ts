/** The story, in order. */
import { endSteps } from './acts/end.ts';
import { graphqlSteps } from './acts/graphql.ts';
import { healSteps } from './acts/heal.ts';
import { linkSteps } from './acts/link.ts';
import { offerSteps } from './acts/offer.ts';
import type { Step } from './step.ts';
import { useSteps } from './acts/use.ts';

export const STORY: readonly Step[] = [
  ...linkSteps,
  ...offerSteps,
  ...useSteps,
  ...healSteps,
  ...graphqlSteps,
  ...endSteps,
];
