// The form of a request, for one dataset or for several at once. What is missing is told beside its field, once somebody has tried to send it.

import { Checkbox, Container, FormField, Header, SpaceBetween, Textarea } from '@cloudscape-design/components';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useEach, type Outcome } from '../../../ui/each.ts';
import { useFlash } from '../../../ui/flash.ts';
import { PageForm } from '../../../ui/page-form.tsx';
import { RequestAccessDocument, type RequestAccessMutation, type RequestedDatasetFragment, type ShareObjectDataPermission } from '../operations.ts'; // prettier-ignore
import { EMPTY, EMPTY_PART, inputOf, periodOf, problemsOf, type Part, type Problems, type RequestForm as Filled } from './form.ts'; // prettier-ignore
import { PartFields } from './part-fields.tsx';
import { PlaceFields } from './place-fields.tsx';
import type { Environment } from './request-page.tsx';
import { permissionTexts, requestStrings } from './strings.ts';
import { useProspects } from './use-prospects.ts';

export interface FieldsProps {
  readonly form: Filled;
  readonly problems: Problems;
  readonly onChange: (changes: Partial<Omit<Filled, 'parts'>>) => void;
}

interface RequestFormProps {
  readonly datasets: readonly RequestedDatasetFragment[];
  readonly environments: readonly Environment[];
  /** Uris of items that are chosen already. */
  readonly chosen: ReadonlySet<string>;
  /** Where who gives up comes to. */
  readonly cancelHref: string;
  /** Takes a dataset out; undefined where there is only the one that somebody came for. */
  readonly onRemove?: (datasetUri: string) => void;
}

export function RequestForm({ datasets, environments, chosen, cancelHref, onRemove }: RequestFormProps) {
  const [form, setForm] = useState<Filled>(() => initialForm(datasets, environments, chosen));
  const [isTried, setTried] = useState(false);
  const { outcomes, isBusy, refusal, preview, run } = useEach(RequestAccessDocument);
  const inputs = datasets.flatMap((dataset) => {
    const input = inputOf(form, dataset.datasetUri ?? '', periodOf(dataset));
    return input === undefined ? [] : [input];
  });
  const prospects = useProspects(inputs.filter(({ datasetUri }) => outcomes.get(datasetUri)?.state !== 'done'));
  const sent = useSent(datasets, onRemove);
  const send = async (): Promise<void> => {
    setTried(true);
    if (inputs.length < datasets.length) return;
    sent(await run(new Map(inputs.map((input) => [input.datasetUri, { input }]))));
  };
  const fields: FieldsProps = {
    form,
    problems: isTried ? problemsOf(form) : {},
    onChange: (changes) => setForm((before) => ({ ...before, ...changes })),
  };
  const changePart = (uri: string, changes: Partial<Part>): void =>
    setForm((before) => {
      const part = { ...EMPTY_PART, ...before.parts.get(uri), ...changes };
      return { ...before, parts: new Map([...before.parts, [uri, part]]) };
    });
  return (
    <PageForm
      action={requestStrings.submit(datasets.length)}
      isBusy={isBusy}
      refusal={refusal}
      preview={preview}
      onSubmit={() => void send()}
      cancelHref={cancelHref}
    >
      <PlaceFields {...fields} environments={environments} />
      {datasets.map((dataset) => {
        const uri = dataset.datasetUri ?? '';
        return (
          <PartFields
            key={uri}
            dataset={dataset}
            part={form.parts.get(uri) ?? EMPTY_PART}
            isTried={isTried}
            prospect={prospects.get(uri)}
            outcome={outcomes.get(uri)}
            onChange={(changes) => changePart(uri, changes)}
            onRemove={onRemove && (() => onRemove(uri))}
          />
        );
      })}
      <WhatFor {...fields} />
    </PageForm>
  );
}

const PERMISSIONS = Object.keys(permissionTexts) as ShareObjectDataPermission[];

const WhatFor = ({ form, problems, onChange }: FieldsProps) => (
  <Container header={<Header variant="h2">{requestStrings.whatFor}</Header>}>
    <SpaceBetween size="l">
      <FormField label={requestStrings.permissions} errorText={problems.permissions}>
        <SpaceBetween size="xxs">
          {PERMISSIONS.map((permission) => (
            <Checkbox
              key={permission}
              checked={form.permissions.includes(permission)}
              onChange={({ detail }) => {
                const others = form.permissions.filter((one) => one !== permission);
                onChange({ permissions: detail.checked ? [...others, permission] : others });
              }}
            >
              {permissionTexts[permission]}
            </Checkbox>
          ))}
        </SpaceBetween>
      </FormField>
      <FormField label={requestStrings.purpose} description={requestStrings.purposeHint}>
        <Textarea value={form.purpose} onChange={({ detail }) => onChange({ purpose: detail.value })} />
      </FormField>
    </SpaceBetween>
  </Container>
);

/** One request is gone on with on its page; of several, what became of each stays to be seen. */
function useSent(datasets: readonly RequestedDatasetFragment[], onRemove: RequestFormProps['onRemove']) {
  const navigate = useNavigate();
  const flash = useFlash();
  return (outcomes: ReadonlyMap<string, Outcome<RequestAccessMutation>>): void => {
    const done = datasets.flatMap(({ datasetUri }) => {
      const outcome = outcomes.get(datasetUri ?? '');
      return outcome?.state === 'done' ? (outcome.data.requestAccess ?? []) : [];
    });
    if (done.length < datasets.length || done[0] === undefined) return;
    const isOld = done.length === 1 && done[0].alreadyExisted;
    flash(isOld ? 'info' : 'success', isOld ? requestStrings.added : requestStrings.submitted(done.length));
    for (const { datasetUri } of datasets) onRemove?.(datasetUri ?? '');
    void navigate(done.length === 1 ? `/shares/${done[0].share.shareUri}` : '/shares?tab=sent');
  };
}

/** What there is no choice about is filled in, and the items that were chosen before. */
function initialForm(
  datasets: readonly RequestedDatasetFragment[],
  environments: readonly Environment[],
  chosen: ReadonlySet<string>,
): Filled {
  const [only, ...others] = environments;
  const parts = datasets.map(({ datasetUri, shareableItems }): [string, Part] => {
    const items = shareableItems.filter(({ itemUri }) => chosen.has(itemUri) || shareableItems.length === 1);
    return [
      datasetUri ?? '',
      { ...EMPTY_PART, items: items.map(({ itemUri, itemType }) => ({ itemUri, itemType, filters: [] })) },
    ];
  });
  return {
    ...EMPTY,
    environmentUri: others.length === 0 ? (only?.environmentUri ?? undefined) : undefined,
    parts: new Map(parts),
  };
}
