// What the administration of the installation says, in English.

export const tenantStrings = {
  title: 'Administration',
  description: 'What teams may do in this installation at all, before any organization or environment says more.',
  teams: 'Teams',
  find: 'Find by name',
  none: 'Nobody has signed in yet, and nothing is owned by anybody.',
  group: 'Group',
  may: 'May',
  nothing: 'Nothing of its own',
  change: 'Change permissions',
  changeTitle: (group: string): string => `What ${group} may do`,
  changed: 'Changed.',
  save: 'Save',
  forAdministrators: 'This page is for administrators of the installation',
  forAdministratorsText: 'Ask one of them where your group may not do what it needs to.',
} as const;
