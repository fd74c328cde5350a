/** The story, in order. */
import { endSteps } from './end.ts';
import { healSteps } from './heal.ts';
import { linkSteps } from './link.ts';
import { offerSteps } from './offer.ts';
import type { Step } from './step.ts';
import { useSteps } from './use.ts';

export const STORY: readonly Step[] = [...linkSteps, ...offerSteps, ...useSteps, ...healSteps, ...endSteps];
