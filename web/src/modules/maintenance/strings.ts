// What is said of maintenance to who begins and ends it, in English.

export const maintenanceStrings = {
  title: 'Maintenance',
  description:
    'For an upgrade or a repair: meanwhile nobody changes anything, not even by kubectl. Access that ends still ends.',
  none: 'There is none: everybody works as usual.',
  active: (mode: string): string =>
    mode === 'NO-ACCESS' ? 'Only administrators are let in.' : 'People can look, and end access.',
  told: (message: string): string => `People are told: ${message}`,
  mode: 'How far',
  readOnly: 'People can look',
  readOnlyText: 'They see everything as usual, and can end access. They change nothing else.',
  noAccess: 'Only administrators',
  noAccessText: 'Nobody else is let in.',
  message: 'What people are told',
  messageHint: 'E.g. until when. Left empty, they are told what config.json says, or that it is maintenance.',
  start: 'Begin maintenance',
  started: 'Maintenance has begun.',
  stop: 'End maintenance',
  stopped: 'Maintenance is over.',
} as const;
