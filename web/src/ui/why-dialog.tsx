// Why something is as it is: what all else follows from, the evidence, what to do, and everything that is judged.

import {
  Alert,
  Box,
  Button,
  ExpandableSection,
  Header,
  Modal,
  SpaceBetween,
  StatusIndicator,
  type AlertProps,
  type StatusIndicatorProps,
} from '@cloudscape-design/components';
import { useLiveQuery } from '../app/live.ts';
import type { AboutObject } from './about-object.tsx';
import { CopiedBlock } from './copied.tsx';
import { Loading } from './loading.tsx';
import { ObjectFailure } from './object-failure.tsx';
import {
  ObjectExplanationDocument,
  type FindingFragment,
  type FindingStanding,
  type ObjectExplanationQuery,
} from './operations.ts';
import { uiStrings } from './strings.ts';
import { Time } from './time.tsx';

type Explanation = NonNullable<ObjectExplanationQuery['getKubernetesObject']>['explanation'];

interface WhyDialogProps {
  readonly about: AboutObject;
  readonly item?: string;
  readonly onClose: () => void;
}

export function WhyDialog({ about, item, onClose }: WhyDialogProps) {
  const { kind, uri, groupUri = null } = about;
  const [{ data, error }, again] = useLiveQuery({
    query: ObjectExplanationDocument,
    variables: { kind, uri, groupUri },
  });
  const explanation = data?.getKubernetesObject?.explanation;
  return (
    <Modal
      visible
      size="large"
      header={item === undefined ? uiStrings.whyTitle : uiStrings.whyItem(item)}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <Button onClick={onClose}>{uiStrings.close}</Button>
        </Box>
      }
    >
      {explanation !== undefined ? (
        <Explained {...explanation} item={item} />
      ) : error === undefined ? (
        <Loading />
      ) : (
        <ObjectFailure about={about} error={error} onRetry={again} />
      )}
    </Modal>
  );
}

function Explained({ item, ...explanation }: Explanation & { readonly item: string | undefined }) {
  const { cause, findings, warnings, isOutdated, lookedAt, command } = explanation;
  const told = findings.find(({ subject }) => subject === item) ?? cause;
  return (
    <SpaceBetween size="l">
      {isOutdated && <StatusIndicator type="in-progress">{uiStrings.whyOutdated}</StatusIndicator>}
      {told === null ? <Alert type="info">{uiStrings.whyUnknown}</Alert> : <Cause {...told} />}
      {lookedAt !== null && (
        <Box color="text-body-secondary">
          {uiStrings.whyLookedAt} <Time at={lookedAt} />
        </Box>
      )}
      <Findings title={uiStrings.whyJudged} findings={findings} />
      <Findings title={uiStrings.whyWarnings} findings={warnings} />
      <ExpandableSection headerText={uiStrings.whyCommand}>
        <CopiedBlock text={command} label={uiStrings.command} />
      </ExpandableSection>
    </SpaceBetween>
  );
}

const alertTypes: Readonly<Record<FindingStanding, AlertProps.Type>> = {
  Good: 'success',
  Waits: 'info',
  Stuck: 'warning',
};

const Cause = ({ standing, says, todo, evidence, since }: FindingFragment) => (
  <Alert type={alertTypes[standing]} header={says}>
    <SpaceBetween size="xs">
      {todo !== null && <div>{todo}</div>}
      {evidence !== null && standing !== 'Good' && <Evidence evidence={evidence} />}
      {since !== null && (
        <Box fontSize="body-s" color="text-body-secondary">
          {uiStrings.whySince} <Time at={since} />
        </Box>
      )}
    </SpaceBetween>
  </Alert>
);

const Evidence = ({ evidence }: { readonly evidence: string }) => (
  <Box fontSize="body-s">
    {uiStrings.whyEvidence} <span className="code-block">{evidence}</span>
  </Box>
);

const indicatorTypes: Readonly<Record<FindingStanding, StatusIndicatorProps.Type>> = {
  Good: 'success',
  Waits: 'pending',
  Stuck: 'warning',
};

const Findings = ({ title, findings }: { readonly title: string; readonly findings: readonly FindingFragment[] }) =>
  findings.length > 0 && (
    <SpaceBetween size="s">
      <Header variant="h3">{title}</Header>
      {findings.map((finding) => (
        <div key={finding.subject}>
          <StatusIndicator type={indicatorTypes[finding.standing]}>
            {finding.question ?? finding.subject}
          </StatusIndicator>
          {finding.standing !== 'Good' && (
            <Box fontSize="body-s" margin={{ left: 'l' }}>
              {finding.says}
            </Box>
          )}
        </div>
      ))}
    </SpaceBetween>
  );
