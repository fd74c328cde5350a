// The one work item that keeps all of RBAC.

export const rbacController = 'rbac';
/** Everything is compiled together. */
export const ALL_RIGHTS = 'all';
