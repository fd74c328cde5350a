// Our kinds as rules name them: by their plurals.

/** In the namespace of an environment. */
export const namespacedResources = [
  'teams',
  'datasets',
  'datasettables',
  'consumptionroles',
  'sharerequests',
  'shareapprovals',
] as const;

export const ourResources = ['tenants', 'organizations', 'environments', ...namespacedResources] as const;

export type OurResource = (typeof ourResources)[number];
