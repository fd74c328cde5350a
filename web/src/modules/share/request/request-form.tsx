// The form of a request. What is missing is told beside its field, once somebody has tried to send it.

import {
  Alert,
  Box,
  Button,
  Container,
  Form,
  FormField,
  Header,
  SpaceBetween,
  Textarea,
} from '@cloudscape-design/components';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { messageOf } from '../../../ui/failure.tsx';
import { RouteButton } from '../../../ui/route-link.tsx';
import { EMPTY, inputOf, problemsOf, type Period, type Problems, type RequestForm as Filled } from './form.ts';
import { PeriodField } from './period-field.tsx';
import { PlaceFields } from './place-fields.tsx';
import type { Dataset, Environment } from './request-page.tsx';
import { requestStrings } from './strings.ts';
import { useSubmit } from './use-submit.ts';
import { ItemsField, PermissionsField } from './what-fields.tsx';

export interface FieldsProps {
  readonly form: Filled;
  readonly problems: Problems;
  readonly onChange: (changes: Partial<Filled>) => void;
}

interface RequestFormProps {
  readonly dataset: Dataset;
  readonly environments: readonly Environment[];
}

export function RequestForm({ dataset, environments }: RequestFormProps) {
  const [form, setForm] = useInitialForm(dataset, environments);
  const [isTried, setTried] = useState(false);
  const { submit, isBusy, error } = useSubmit(dataset.datasetUri ?? '');
  const period = periodOf(dataset);
  const fields: FieldsProps = {
    form,
    problems: isTried ? problemsOf(form, period) : {},
    onChange: (changes) => setForm((before) => ({ ...before, ...changes })),
  };
  const send = (): void => {
    setTried(true);
    const input = inputOf(form, period);
    if (input !== undefined) void submit(input, form.items);
  };
  return (
    <Form
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <RouteButton variant="link" href="/catalog">
            {requestStrings.cancel}
          </RouteButton>
          <Button variant="primary" loading={isBusy} onClick={send}>
            {requestStrings.submit}
          </Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        <PlaceFields {...fields} environments={environments} />
        <Container header={<Header variant="h2">{requestStrings.what}</Header>}>
          <SpaceBetween size="l">
            <ItemsField {...fields} dataset={dataset} />
            <PermissionsField {...fields} />
            {period !== undefined && <PeriodField {...fields} period={period} setting={dataset.expirySetting ?? ''} />}
            <FormField label={requestStrings.purpose} description={requestStrings.purposeHint}>
              <Textarea value={form.purpose} onChange={({ detail }) => fields.onChange({ purpose: detail.value })} />
            </FormField>
          </SpaceBetween>
        </Container>
        <Deciders {...dataset} />
        {error !== undefined && (
          <Alert type="error" header={requestStrings.failed}>
            {messageOf(error)}
          </Alert>
        )}
      </SpaceBetween>
    </Form>
  );
}

const Deciders = ({ SamlAdminGroupName, stewardGroups, autoApprovalEnabled }: Dataset) => (
  <Container header={<Header variant="h2">{requestStrings.decides}</Header>}>
    <Box>{requestStrings.decidesText([...new Set([SamlAdminGroupName, ...stewardGroups])].join(', '))}</Box>
    {autoApprovalEnabled === true && <Box>{requestStrings.automatic}</Box>}
  </Container>
);

const periodOf = ({ enableExpiration, expiryMinDuration, expiryMaxDuration }: Dataset): Period | undefined =>
  enableExpiration === true ? { min: expiryMinDuration ?? 1, max: expiryMaxDuration ?? 1 } : undefined;

/** What there is no choice about is filled in, and the item from whose card somebody came. */
function useInitialForm({ shareableItems }: Dataset, environments: readonly Environment[]) {
  const [search] = useSearchParams();
  const wanted = search.get('item');
  const [only, ...others] = environments;
  return useState<Filled>({
    ...EMPTY,
    environmentUri: others.length === 0 ? (only?.environmentUri ?? undefined) : undefined,
    items: shareableItems.filter(({ itemUri }) => itemUri === wanted || shareableItems.length === 1),
  });
}
