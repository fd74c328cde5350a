// Columns of a list of who can read what.

import { Badge, Box, SpaceBetween, StatusIndicator, type TableProps } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { RouteLink } from '../../ui/route-link.tsx';
import { uiStrings } from '../../ui/strings.ts';
import { ExactTime } from './exact-time.tsx';
import { itemAddress, principalAddress } from './addresses.ts';
import type { AccessRowFragment, AccessStanding } from './operations.ts';
import { accessStrings as strings, doubtTexts, reachTexts, standingTexts } from './strings.ts';

type Column = TableProps.ColumnDefinition<AccessRowFragment>;

const indicators: Readonly<Record<AccessStanding, 'success' | 'pending' | 'info' | 'stopped'>> = {
  Granted: 'success',
  Consented: 'pending',
  Owned: 'info',
  Ended: 'stopped',
};

const nameOf = ({ arn, name }: AccessRowFragment['principal']): string => arn?.split(/[:/]/).at(-1) ?? name;

const Small = ({ children }: { readonly children: ReactNode }) => (
  <Box fontSize="body-s" color="text-body-secondary">
    {children}
  </Box>
);

const Who = ({ principal }: AccessRowFragment) => (
  <SpaceBetween size="xxxs">
    {principal.arn === null ? (
      nameOf(principal)
    ) : (
      <RouteLink href={principalAddress(principal.arn)} ariaLabel={`${nameOf(principal)}: ${strings.readsElse}`}>
        {nameOf(principal)}
      </RouteLink>
    )}
    <Small>{[principal.account, principal.environment].filter((text) => text !== null).join(' · ')}</Small>
  </SpaceBetween>
);

const What = ({ datasetUri, datasetLabel, itemKind, item }: AccessRowFragment) => (
  <SpaceBetween size="xxxs">
    {item === null || datasetUri === null ? (
      (item ?? strings.wholeDataset)
    ) : (
      <RouteLink href={itemAddress(datasetUri, itemKind, item)} ariaLabel={strings.readersOf(item)}>
        {item}
      </RouteLink>
    )}
    <Small>
      {itemKind !== null && `${itemKind} · `}
      {datasetUri === null ? (
        datasetLabel
      ) : (
        <RouteLink href={`/datasets/${datasetUri}`} fontSize="body-s">
          {datasetLabel}
        </RouteLink>
      )}
    </Small>
  </SpaceBetween>
);

const How = ({ standing, reach, doubts, shareUri }: AccessRowFragment) => (
  <SpaceBetween size="xxxs">
    <StatusIndicator type={indicators[standing]} wrapText={false}>
      {shareUri === null ? (
        standingTexts[standing]
      ) : (
        <RouteLink href={`/shares/${shareUri}`}>{standingTexts[standing]}</RouteLink>
      )}
    </StatusIndicator>
    {reachTexts[reach] !== undefined && <Small>{reachTexts[reach]}</Small>}
    {doubts.map((doubt) => (
      <StatusIndicator key={doubt} type="warning">
        {doubtTexts[doubt]}
      </StatusIndicator>
    ))}
  </SpaceBetween>
);

const Shown = ({ restrictions, permissions, doubts }: AccessRowFragment) => (
  <SpaceBetween size="xxxs">
    {restrictions.length === 0
      ? strings.all
      : restrictions.map(({ name, rows, columns }) => (
          <div key={name}>
            <Badge>{name}</Badge>{' '}
            {rows === null && columns === null
              ? doubts.includes('FilterUnknown')
                ? strings.unknownFilter
                : strings.filterOfOwner
              : `${rows ?? strings.everyRow}, ${columns === null ? strings.everyColumn : strings.columns(columns)}`}
          </div>
        ))}
    {permissions.some((permission) => permission !== 'Read') && <Small>{permissions.join(', ')}</Small>}
  </SpaceBetween>
);

const When = ({ from, until, seen, consent }: AccessRowFragment) => (
  <SpaceBetween size="xxxs">
    <span>
      <ExactTime at={from} /> – {until === null ? strings.goesOn : <ExactTime at={until} />}
    </span>
    {seen !== null && (
      <Small>
        {strings.lastSeen} <ExactTime at={seen} />
      </Small>
    )}
    {until === null && consent?.until && (
      <Small>
        {strings.ends} <ExactTime at={consent.until} />
      </Small>
    )}
  </SpaceBetween>
);

const Consent = ({ consent, standing }: AccessRowFragment) => {
  if (consent === null) return standing === 'Owned' ? strings.ownRight : strings.noConsent;
  const { approver, decidedBy, automatic, at, note } = consent;
  return (
    <SpaceBetween size="xxxs">
      <span>{decidedBy === null ? approver : `${approver} (${decidedBy})`}</span>
      <Small>
        {automatic && `${strings.automatic} `}
        {at !== null && <ExactTime at={at} />}
      </Small>
      {note !== null && <Small>{strings.said(note)}</Small>}
    </SpaceBetween>
  );
};

const all: readonly Column[] = [
  { id: 'who', header: strings.who, isRowHeader: true, minWidth: 170, cell: Who },
  { id: 'group', header: strings.group, minWidth: 110, cell: ({ principal }) => principal.group || uiStrings.unknown },
  { id: 'what', header: strings.data, minWidth: 150, cell: What },
  { id: 'how', header: strings.how, minWidth: 180, cell: How },
  { id: 'shown', header: strings.shown, minWidth: 170, cell: Shown },
  { id: 'when', header: `${strings.since} – ${strings.ended.toLowerCase()}`, minWidth: 160, cell: When },
  { id: 'consent', header: strings.consent, minWidth: 160, cell: Consent },
];

/** @param without ids of columns that would say the same in each row */
export const accessColumns = (...without: readonly string[]): readonly Column[] =>
  all.filter(({ id }) => !without.includes(id ?? ''));
