// What the administrator of an account does there to let data.all in: step by step, with everything that the steps need.

import { Box, Button, Container, Header, KeyValuePairs, SpaceBetween } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { useClient, useQuery, type OperationResult } from 'urql';
import { Copied, CopiedBlock } from '../../../ui/copied.tsx';
import { Failure, messageOf } from '../../../ui/failure.tsx';
import { useFlash } from '../../../ui/flash.ts';
import {
  ExecutionPolicyTemplateDocument,
  ExternalIdDocument,
  LinkPartsDocument,
  PivotRoleTemplateDocument,
} from '../operations.ts';
import { linkStrings as strings } from '../strings.ts';
import { bootstrapCommand, whoLinks, type LinkDraft } from './draft.ts';

export function LetIn({ draft }: { readonly draft: LinkDraft }) {
  const who = whoLinks(draft);
  return (
    <Container header={<Header variant="h2">{strings.prepare}</Header>}>
      {who === undefined ? (
        <Box color="text-body-secondary">{strings.prepareText}</Box>
      ) : (
        <Steps key={JSON.stringify(who)} who={who} />
      )}
    </Container>
  );
}

interface StepsProps {
  readonly who: NonNullable<ReturnType<typeof whoLinks>>;
}

function Steps({ who }: StepsProps) {
  const { organizationUri } = who;
  const client = useClient();
  const [{ data: parts, error }] = useQuery({ query: LinkPartsDocument, variables: { organizationUri } });
  const [{ data, error: refused }] = useQuery({ query: ExternalIdDocument, variables: who });
  const download = useDownload();
  const once = { requestPolicy: 'network-only' } as const;
  const failure = error ?? refused;
  if (failure !== undefined) return <Failure error={failure} />;
  return (
    <SpaceBetween size="l">
      <Box>{strings.steps}</Box>
      <Step number={1} text={strings.step1}>
        <CopiedBlock text={bootstrapCommand(who, parts?.getTrustAccount ?? '')} label={strings.command} />
        <Button
          iconName="download"
          formAction="none"
          onClick={() =>
            void download(
              client.query(ExecutionPolicyTemplateDocument, { organizationUri }, once),
              (answer) => answer.getCDKExecPolicyPresignedUrl,
            )
          }
        >
          {strings.step1Policy}
        </Button>
      </Step>
      <Step number={2} text={strings.step2}>
        <KeyValuePairs
          columns={3}
          minColumnWidth={180}
          items={[
            { label: strings.pivotRole, value: <Copied text={parts?.getPivotRoleName} label={strings.pivotRole} /> },
            { label: strings.trust, value: <Copied text={parts?.getTrustAccount} label={strings.trust} /> },
            {
              label: strings.externalId,
              value: <Copied text={data?.getPivotRoleExternalId} label={strings.externalId} />,
            },
          ]}
        />
        <Button
          iconName="download"
          formAction="none"
          onClick={() =>
            void download(
              client.query(PivotRoleTemplateDocument, { organizationUri }, once),
              (answer) => answer.getPivotRolePresignedUrl,
            )
          }
        >
          {strings.step2Template}
        </Button>
      </Step>
    </SpaceBetween>
  );
}

interface StepProps {
  readonly number: number;
  readonly text: string;
  readonly children: ReactNode;
}

const Step = ({ number, text, children }: StepProps) => (
  <SpaceBetween size="xs">
    <Box>
      <Box variant="strong">{number}.</Box> {text}
    </Box>
    {children}
  </SpaceBetween>
);

/** The address holds for a quarter of an hour, so that it is asked for when somebody downloads. */
function useDownload() {
  const flash = useFlash();
  return async <Data,>(
    answer: PromiseLike<OperationResult<Data>>,
    read: (data: Data) => string | null,
  ): Promise<void> => {
    const { data, error } = await answer;
    const address = data === undefined ? null : read(data);
    if (error !== undefined) flash('error', messageOf(error));
    else if (address !== null) globalThis.open(address, '_blank', 'noopener');
  };
}
