// Has shares put right now.

import { annotations } from '../resources/annotations.ts';
import { defineAction } from './action.ts';
import { reapplyRoute } from './contract/shares.ts';
import { annotateShares } from './share-annotation.ts';

export const reapplyAction = defineAction({
  route: reapplyRoute,
  limits: { milliseconds: 30_000, bytes: 4_000 },
  run: async (context, input) => ({ value: await annotateShares(context, annotations.requestedAt, input) }),
});
