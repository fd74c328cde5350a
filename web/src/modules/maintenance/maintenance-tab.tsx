// Begins and ends maintenance of the installation; for its administrators.

import {
  Alert,
  Box,
  Button,
  Container,
  FormField,
  Header,
  Input,
  RadioGroup,
  SpaceBetween,
} from '@cloudscape-design/components';
import { useState } from 'react';
import { useQuery } from 'urql';
import { ActButton, useAct } from '../../ui/act.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Loading } from '../../ui/loading.tsx';
import { MaintenanceStatusDocument, StartMaintenanceDocument, StopMaintenanceDocument } from './operations.ts';
import { maintenanceStrings as strings } from './strings.ts';

export function MaintenanceTab() {
  const [{ data, error }, again] = useQuery({
    query: MaintenanceStatusDocument,
    requestPolicy: 'cache-and-network',
  });
  const maintenance = data?.getMaintenanceWindowStatus;
  const refresh = (): void => again({ requestPolicy: 'network-only' });
  if (error !== undefined) return <Failure error={error} onRetry={refresh} />;
  return (
    <Container
      header={
        <Header variant="h2" description={strings.description}>
          {strings.title}
        </Header>
      }
    >
      {maintenance === undefined && <Loading />}
      {maintenance?.status === 'ACTIVE' && (
        <Alert
          type="warning"
          header={strings.active(maintenance.mode ?? '')}
          action={
            <ActButton document={StopMaintenanceDocument} variables={{}} done={strings.stopped} onDone={refresh}>
              {strings.stop}
            </ActButton>
          }
        >
          {strings.told(maintenance.message ?? '')}
        </Alert>
      )}
      {maintenance?.status === 'INACTIVE' && <Begin onBegun={refresh} />}
    </Container>
  );
}

const MODES = [
  { value: 'READ-ONLY', label: strings.readOnly, description: strings.readOnlyText },
  { value: 'NO-ACCESS', label: strings.noAccess, description: strings.noAccessText },
];

function Begin({ onBegun }: { readonly onBegun: () => void }) {
  const { act, isBusy, refusal } = useAct(StartMaintenanceDocument);
  const [mode, setMode] = useState('READ-ONLY');
  const [message, setMessage] = useState('');
  const begin = async (): Promise<void> => {
    if ((await act({ mode, message: message.trim() }, strings.started)) !== undefined) onBegun();
  };
  return (
    <SpaceBetween size="l">
      <Box>{strings.none}</Box>
      <FormField label={strings.mode}>
        <RadioGroup value={mode} items={MODES} onChange={({ detail }) => setMode(detail.value)} />
      </FormField>
      <FormField label={strings.message} description={strings.messageHint}>
        <Input value={message} onChange={({ detail }) => setMessage(detail.value)} />
      </FormField>
      {refusal !== undefined && <Alert type="error">{refusal}</Alert>}
      <Button loading={isBusy} onClick={() => void begin()}>
        {strings.start}
      </Button>
    </SpaceBetween>
  );
}
