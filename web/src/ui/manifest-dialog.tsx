// What would stand in Git: of an object that is there, or of what a form would write.

import { Box, Button, Modal, SpaceBetween } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import type { AboutObject } from './about-object.tsx';
import { CopiedBlock } from './copied.tsx';
import { Loading } from './loading.tsx';
import { ObjectFailure } from './object-failure.tsx';
import { ObjectManifestDocument } from './operations.ts';
import { uiStrings } from './strings.ts';

interface ManifestDialogProps {
  readonly about: AboutObject;
  readonly onClose: () => void;
}

export function ManifestDialog({ about, onClose }: ManifestDialogProps) {
  const { kind, uri, groupUri = null } = about;
  const [{ data, error }, again] = useQuery({
    query: ObjectManifestDocument,
    variables: { kind, uri, groupUri },
    requestPolicy: 'network-only',
  });
  const manifest = data?.getKubernetesObject?.manifest;
  return (
    <ManifestModal text={uiStrings.yamlText} onClose={onClose}>
      {manifest !== undefined ? (
        <Manifest manifest={manifest} />
      ) : error === undefined ? (
        <Loading />
      ) : (
        <ObjectFailure about={about} error={error} onRetry={again} />
      )}
    </ManifestModal>
  );
}

/** @param manifest empty where nothing would be written that Git could hold */
export const DraftManifestDialog = ({
  manifest,
  onClose,
}: {
  readonly manifest: string;
  readonly onClose: () => void;
}) => (
  <ManifestModal text={uiStrings.yamlDraftText} onClose={onClose}>
    {manifest === '' ? uiStrings.yamlNothing : <Manifest manifest={manifest} />}
  </ManifestModal>
);

const Manifest = ({ manifest }: { readonly manifest: string }) => (
  <>
    <CopiedBlock text={manifest} label={uiStrings.yaml} />
    <Box variant="small" color="text-body-secondary">
      {uiStrings.yamlHint} <Box variant="code">{APPLY}</Box>. {uiStrings.yamlForce}{' '}
      <Box variant="code">--force-conflicts</Box>.
    </Box>
  </>
);

const APPLY = 'kubectl apply --server-side -f FILE';

interface ManifestModalProps {
  readonly text: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

const ManifestModal = ({ text, onClose, children }: ManifestModalProps) => (
  <Modal
    visible
    size="large"
    header={uiStrings.yamlTitle}
    onDismiss={onClose}
    footer={
      <Box float="right">
        <Button onClick={onClose}>{uiStrings.close}</Button>
      </Box>
    }
  >
    <SpaceBetween size="m">
      <div>{text}</div>
      {children}
    </SpaceBetween>
  </Modal>
);
