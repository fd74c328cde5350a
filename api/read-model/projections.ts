// Every kind that becomes rows, in the order in which lists are followed: what says who may see others comes first.

import type { Projection } from './projection.ts';
import { environmentProjection } from './projections/environment.ts';
import { organizationProjection } from './projections/organization.ts';

export const projections: readonly Projection[] = [organizationProjection, environmentProjection];
