// Has shares looked at now.

import { annotations } from '../resources/annotations.ts';
import { defineAction } from './action.ts';
import { verifyRoute } from './contract/shares.ts';
import { annotateShares } from './share-annotation.ts';

export const verifyAction = defineAction({
  route: verifyRoute,
  limits: { milliseconds: 30_000, bytes: 4_000 },
  run: async (context, input) => ({ value: await annotateShares(context, annotations.verifyRequestedAt, input) }),
});
