// How far a share has come: four steps, each with its evidence and its time.

import { Box, ColumnLayout, Container, Header, SpaceBetween, StatusIndicator } from '@cloudscape-design/components';
import { Time } from '../../ui/time.tsx';
import type { Share } from './share-page.tsx';
import { indicatorOf, textOf } from './standing.ts';
import { shareStrings, stepNames } from './strings.ts';

type Step = Share['timeline'][number];

interface TimelineProps {
  readonly steps: readonly Step[];
  /** The last time that what others had changed was put right. */
  readonly repair: Share['lastRepair'];
}

export const Timeline = ({ steps, repair }: TimelineProps) => (
  <Container header={<Header variant="h2">{shareStrings.progress}</Header>}>
    <ColumnLayout columns={4} borders="vertical" minColumnWidth={170}>
      {steps.map((step) => (
        <SpaceBetween key={step.step} size="s">
          <TimelineStep {...step} />
          {step.step === 'Healthy' && repair !== null && <Repaired {...repair} />}
        </SpaceBetween>
      ))}
    </ColumnLayout>
  </Container>
);

const TimelineStep = ({ at, by, message, ...step }: Step) => (
  <SpaceBetween size="xxs">
    <StatusIndicator type={indicatorOf(step)}>{stepNames[step.step]}</StatusIndicator>
    <Box color={step.state === 'Waiting' ? 'text-status-inactive' : 'inherit'}>{textOf(step)}</Box>
    {at !== null && (
      <Box fontSize="body-s" color="text-body-secondary">
        <Time at={at} />
        {by !== null && ` ${shareStrings.by} ${by}`}
      </Box>
    )}
    {message !== null && message !== '' && <Box fontSize="body-s">{sentence(message)}</Box>}
  </SpaceBetween>
);

/** Often it is over before anybody has seen that something was wrong. */
const Repaired = ({ at, message }: NonNullable<Share['lastRepair']>) => (
  <StatusIndicator type="info">
    {shareStrings.repaired} <Time at={at} />
    <Box fontSize="body-s" color="text-body-secondary">
      {sentence(message)}
    </Box>
  </StatusIndicator>
);

/** The operator writes them to stand after a colon. */
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
