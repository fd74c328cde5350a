// How far a share has come: four steps, each with its evidence and its time.

import { Box, ColumnLayout, Container, Header, SpaceBetween, StatusIndicator } from '@cloudscape-design/components';
import { Time } from '../../ui/time.tsx';
import type { Share } from './share-page.tsx';
import { indicatorOf } from './standing.ts';
import { shareStrings, stepNames, stepTexts } from './strings.ts';

type Step = Share['timeline'][number];

export const Timeline = ({ steps }: { readonly steps: readonly Step[] }) => (
  <Container header={<Header variant="h2">{shareStrings.progress}</Header>}>
    <ColumnLayout columns={4} borders="vertical" minColumnWidth={170}>
      {steps.map((step) => (
        <TimelineStep key={step.step} {...step} />
      ))}
    </ColumnLayout>
  </Container>
);

const TimelineStep = ({ step, state, at, by, message }: Step) => (
  <SpaceBetween size="xxs">
    <StatusIndicator type={indicatorOf({ step, state })}>{stepNames[step]}</StatusIndicator>
    <Box color={state === 'Waiting' ? 'text-status-inactive' : 'inherit'}>{stepTexts[step][state]}</Box>
    {at !== null && (
      <Box fontSize="body-s" color="text-body-secondary">
        <Time at={at} />
        {by !== null && ` ${shareStrings.by} ${by}`}
      </Box>
    )}
    {message !== null && message !== '' && <Box fontSize="body-s">{sentence(message)}</Box>}
  </SpaceBetween>
);

/** The operator writes them to stand after a colon. */
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
